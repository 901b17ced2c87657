import account from "@/features/account/messages.en.json";
import admin from "@/features/admin/messages.en.json";
import chats from "@/features/chats/messages.en.json";
import models from "@/features/models/messages.en.json";
import notifications from "@/features/notifications/messages.en.json";
import shares from "@/features/shares/messages.en.json";
import transfers from "@/features/transfers/messages.en.json";
import shell from "@/shell/messages.en.json";
import ui from "@/ui/messages.en.json";
import common from "./messages.en.json";

/** English, one namespace per folder; it defines which keys exist. */
export const en = { common, shell, ui, account, admin, chats, models, notifications, shares, transfers };
