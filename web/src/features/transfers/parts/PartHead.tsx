/** What a part of the section is for. */
export function PartHead({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <h3 className="font-sans text-sm font-medium tracking-normal">{title}</h3>
      <p className="mt-0.5 text-sm text-pretty text-muted">{text}</p>
    </div>
  );
}
