import account from "@/features/account/messages.hi-Latn.json";
import admin from "@/features/admin/messages.hi-Latn.json";
import chats from "@/features/chats/messages.hi-Latn.json";
import models from "@/features/models/messages.hi-Latn.json";
import notifications from "@/features/notifications/messages.hi-Latn.json";
import shares from "@/features/shares/messages.hi-Latn.json";
import transfers from "@/features/transfers/messages.hi-Latn.json";
import shell from "@/shell/messages.hi-Latn.json";
import ui from "@/ui/messages.hi-Latn.json";
import common from "./messages.hi-Latn.json";

/** Hinglish; fetched only by those who read it. */
export const hiLatn = { common, shell, ui, account, admin, chats, models, notifications, shares, transfers };
