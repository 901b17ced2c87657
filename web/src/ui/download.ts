import { api, take } from "@/api/client";
import { notify } from "./notify";
import { problemText } from "./problemText";

/**
 * Saves what the server offers at `path` as a file. The browser asks by itself and cannot renew a
 * session that has run out, so a call that can goes first.
 */
export async function download(path: string): Promise<void> {
  try {
    await take(api.GET("/api/auth/me"));
  } catch (error) {
    notify.failed(problemText(error));
    return;
  }
  const link = document.createElement("a");
  link.href = path;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}
