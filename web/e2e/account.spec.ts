import { expect, newAccount, signIn, test } from "./support/test";

test("a new person registers, leaves and comes back to where they were going", async ({ page }) => {
  const person = newAccount();
  await page.goto("/settings");
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fsettings$/);
  await page.getByRole("link", { name: "Create account" }).click();
  await page.getByLabel("Name").fill(person.name);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText("At least 8 characters.", { exact: true })).toBeVisible();
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();

  await page.getByRole("button", { name: /^Account menu/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in to Sangam" })).toBeVisible();

  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toHaveText("E-mail and password do not match.");
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "New chat" })).toBeVisible();
});

test("an e-mail that is taken is said beside its field", async ({ page, account }) => {
  await page.context().clearCookies();
  await page.goto("/register");
  await page.getByLabel("Name").fill("Somebody Else");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText("There is already an account with this e-mail.")).toBeVisible();
});

test("a session outlives its access token", async ({ page, account }) => {
  await page.context().clearCookies({ name: "sangam_access" });
  await page.goto("/");
  await expect(page.getByRole("button", { name: `Account menu, ${account.name}` })).toBeVisible();
});

test("the profile, the password and the default of one's own", async ({ page, account, server }) => {
  await page.goto("/settings");
  const profile = page.getByRole("region", { name: "Profile" });
  await profile.getByLabel("Name").fill("Asha R.");
  await profile.getByLabel("E-mail").fill(`new-${account.email}`);
  await profile.getByLabel("Current password").fill("wrong password");
  await profile.getByRole("button", { name: "Save" }).click();
  await expect(profile.getByText("That is not your current password.")).toBeVisible();
  await profile.getByLabel("Current password").fill(account.password);
  await profile.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Account menu, Asha R." })).toBeVisible();

  const password = page.getByRole("region", { name: "Password", exact: true });
  await password.getByLabel("Current password").fill(account.password);
  await password.getByLabel("New password").fill("a better one, much longer");
  await password.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Password changed. Every other session has ended.")).toBeVisible();
  await page.context().clearCookies();
  await signIn(page, { name: "", email: `new-${account.email}`, password: "a better one, much longer" }, server.url);
});

test("what new chats begin with is kept with the account", async ({ page, account }) => {
  await page.goto("/settings");
  const section = page.getByRole("region", { name: "New chats" });
  const save = section.getByRole("button", { name: "Save" });
  await section.getByLabel("Temperature").fill("3");
  await expect(section.getByText("From 0 to 2.")).toBeVisible();
  await expect(save).toBeDisabled();
  await section.getByLabel("Temperature").fill("0.4");
  await section.getByLabel("System prompt").fill("Answer in one sentence.");
  await section.getByText("Low", { exact: true }).click();
  await save.click();
  await expect(page.getByText("Saved").first()).toBeVisible();
  await page.reload();
  await expect(section.getByLabel("System prompt")).toHaveValue("Answer in one sentence.");
  await expect(section.getByLabel("Temperature")).toHaveValue("0.4");
  await expect(section.getByRole("radio", { name: "Low" })).toBeChecked();
  await section.getByRole("button", { name: "Reset" }).click();
  await save.click();
  await page.reload();
  await expect(section.getByLabel("System prompt")).toHaveValue("");
  expect(account.name).not.toBe("");
});

test("other sessions can be seen and ended", async ({ page, account, server, browser }) => {
  const elsewhere = await browser.newContext({ baseURL: server.url });
  const other = await elsewhere.newPage();
  await signIn(other, account, server.url);
  await page.goto("/settings");
  const sessions = page.getByRole("region", { name: "Sessions" });
  await expect(sessions.getByText("This session")).toBeVisible();
  await sessions.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(page.getByText("Signed out everywhere else").last()).toBeVisible();
  await other.goto("/settings");
  await expect(other).toHaveURL(/\/sign-in/);
  await elsewhere.close();
});

test("an account is deleted after a question and the password", async ({ page, account, server }) => {
  await page.goto("/settings");
  await page.getByRole("button", { name: "Delete account" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("heading")).toContainText(account.email);
  await dialog.getByLabel("Password", { exact: true }).fill(account.password);
  await dialog.getByRole("button", { name: "Delete everything" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  const { email, password } = account;
  const again = await page.request.post("/api/auth/login", { data: { email, password }, headers: { origin: server.url } });
  expect(again.status()).toBe(401);
});

test("an administrator asks for invitations and lets one person in", async ({ page, admin, server, browser }) => {
  await signIn(page, admin, server.url);
  await page.goto("/admin");
  await page.getByText("By invitation", { exact: true }).click();
  await expect(page.getByText("Registration changed")).toBeVisible();
  await page.getByRole("button", { name: "Make an invitation link" }).click();
  const link = await page.getByRole("textbox", { name: "Invitation link" }).inputValue();

  const elsewhere = await browser.newContext();
  const guest = await elsewhere.newPage();
  await guest.goto(`${server.url}/register`);
  await expect(guest.getByText(/by invitation/)).toBeVisible();
  await guest.goto(link);
  const person = newAccount("Guest Singh");
  await guest.getByLabel("Name").fill(person.name);
  await guest.getByLabel("E-mail").fill(person.email);
  await guest.getByLabel("Password", { exact: true }).fill(person.password);
  await guest.getByRole("button", { name: "Create account" }).click();
  await expect(guest.getByRole("button", { name: "Account menu, Guest Singh" })).toBeVisible();
  await guest.goto(`${server.url}/admin`);
  await expect(guest.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  await guest.context().clearCookies();
  await guest.goto(link);
  await guest.reload();
  await expect(guest.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  await elsewhere.close();

  await page.getByText("Open", { exact: true }).click();
  await expect(page.getByRole("radio", { name: "Open" })).toBeChecked();
});
