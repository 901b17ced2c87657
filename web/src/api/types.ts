// The names the page uses for the shapes of the API, in one place.
import type { components } from "./schema";

/**
 * What the server sends: a field that may be null is always there. The document lists such fields
 * as optional, because that is how its generator reads them.
 */
export type Sent<T> = T extends readonly (infer Item)[]
  ? Sent<Item>[]
  : T extends object
    ? { [K in keyof T]-?: Sent<Nullable<T[K]>> }
    : T;

type Nullable<T> = null extends T ? Exclude<T, undefined> : T;

type Schemas = components["schemas"];

export type User = Sent<Omit<Schemas["User"], "defaultParams">> & { defaultParams: Params };
export type Instance = Sent<Schemas["Instance"]>;
export type Registration = Schemas["RegistrationMode"];
export type Session = Sent<Schemas["Session"]>;
export type LinkInfo = Sent<Schemas["Link"]>;
export type Invite = Sent<Schemas["Invite"]>;
export type Model = Sent<Schemas["ModelView"]>;
export type Provider = Sent<Schemas["ProviderView"]>;
export type ModelCatalogue = Sent<Schemas["ModelList"]>;
export type Params = Schemas["Params"];
export type Chat = Sent<Omit<Schemas["Chat"], "params">> & { params: Params };
export type ChatSummary = Sent<Schemas["ChatSummary"]>;
export type Folder = Sent<Schemas["Folder"]>;
export type Bulk = Schemas["BulkBody"];
export type BulkAction = Schemas["BulkAction"];
export type FileView = Sent<Schemas["FileView"]>;
/** What a message says of a file that went with it. */
export type Attachment = Omit<FileView, "createdAt">;
export type Message = Sent<Omit<Schemas["MessageView"], "params" | "attachments">> & { params: Params; attachments?: Attachment[] };
export type MessageStatus = Schemas["MessageStatus"];
export type Citation = Sent<Schemas["MessageCitation"]>;
export type Share = Sent<Schemas["Share"]>;
export type ShareKind = Schemas["ShareKind"];
export type SharedMessage = Sent<Schemas["SharedMessage"]>;
export type SharedPage = Sent<Schemas["SharedPage"]>;
export type Notification = Sent<Schemas["Notification"]>;
export type NotificationKind = Schemas["NotificationKind"];
/** One question put to several models; `messages` are its answers, in the order of their columns. */
export type Comparison = Sent<Omit<Schemas["ComparisonView"], "messages">> & { messages: Message[] };
/** What a model is told instead of the older turns of a branch. */
export type Summary = Sent<Schemas["SummaryView"]>;
export type TreeNode = Sent<Schemas["TreeNode"]>;
export type ContextFill = Sent<Schemas["ContextView"]>;
export type Winner = Schemas["WinnerBody"];
export type Thumb = Schemas["ThumbBody"];
export type Reveal = Sent<Schemas["RevealView"]>;
export type Job = Omit<Sent<Schemas["JobView"]>, "result"> & { result: unknown };
