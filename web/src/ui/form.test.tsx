import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeAll, describe, expect, it } from "vitest";
import { Problem } from "@/api/problem";
import { setLocale, startI18n } from "@/i18n";
import { applyProblem, fieldText, useZodForm, z } from "./form";
import { FormAlert } from "./FormAlert";
import { TextInput } from "./TextInput";

const schema = z.object({ name: z.string().min(1, "name_required"), email: z.email("email_format") });

function Sample({ failure }: { failure?: Problem }) {
  const form = useZodForm(schema, { name: "", email: "" });
  const [alert, setAlert] = useState<string | null>(null);
  const submit = form.handleSubmit(() => setAlert(failure ? applyProblem(form, ["name", "email"], failure) : "sent"));
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <FormAlert text={alert} />
      <TextInput control={form.control} name="name" label="Name" />
      <TextInput control={form.control} name="email" label="E-mail" />
      <button type="submit">Send</button>
    </form>
  );
}

async function fillAndSend(name: string, email: string) {
  const user = userEvent.setup();
  if (name) await user.type(screen.getByLabelText("Name"), name);
  if (email) await user.type(screen.getByLabelText("E-mail"), email);
  await user.click(screen.getByRole("button", { name: "Send" }));
}

const refused = (errors: { field: string; code: string; detail: string }[]) =>
  new Problem({ status: 422, code: "validation_failed", title: "Invalid", detail: "Some fields were refused.", errors });

beforeAll(startI18n);

describe("a form", () => {
  it("says what is wrong beside each field and goes to the first", async () => {
    render(<Sample />);
    await fillAndSend("", "nonsense");
    const name = screen.getByLabelText("Name");
    expect(document.activeElement).toBe(name);
    expect(name.getAttribute("aria-invalid")).toBe("true");
    const described = name.getAttribute("aria-describedby")?.split(" ").map((id) => document.getElementById(id)?.textContent);
    expect(described).toContain("Enter a name.");
    expect(screen.getByText("This does not look like an e-mail address.")).toBeTruthy();
    expect(screen.getByRole("alert").textContent).toBe("");
  });

  it("puts the server's field errors beside the fields, in the page's words where it has them", async () => {
    render(<Sample failure={refused([{ field: "email", code: "not_invited", detail: "must be ada@example.org" }])} />);
    await fillAndSend("Ada", "ada@example.org");
    expect(screen.getByText("This link is for another e-mail address.")).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText("E-mail"));
    expect(screen.getByRole("alert").textContent).toBe("");
  });

  it("knows which field a problem without field errors speaks of", async () => {
    render(<Sample failure={new Problem({ status: 409, code: "email_taken", title: "Taken" })} />);
    await fillAndSend("Ada", "ada@example.org");
    expect(screen.getByLabelText("E-mail").getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByText("There is already an account with this e-mail.")).toBeTruthy();
    expect(screen.getByRole("alert").textContent).toBe("");
  });

  it("keeps the server's words for a code it does not know", async () => {
    render(<Sample failure={refused([{ field: "name", code: "name_reserved", detail: "This name is reserved." }])} />);
    await fillAndSend("root", "ada@example.org");
    expect(screen.getByText("This name is reserved.")).toBeTruthy();
  });

  it("says above the form what belongs to no field", async () => {
    render(<Sample failure={refused([{ field: "token", code: "token_spent", detail: "Spent." }])} />);
    await fillAndSend("Ada", "ada@example.org");
    expect(screen.getByRole("alert").textContent).toBe("Some fields were refused.");
  });

  it("speaks the person's language", async () => {
    await act(() => setLocale("hi-Latn"));
    render(<Sample />);
    await fillAndSend("", "");
    expect(screen.getByText("Naam likho.")).toBeTruthy();
    await act(() => setLocale("en"));
  });
});

it("leaves a message that is no key as it is", () => {
  expect(fieldText("Already a sentence.")).toBe("Already a sentence.");
});
