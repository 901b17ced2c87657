import { Label, Radio, RadioGroup } from "react-aria-components";
import type { LucideIcon } from "lucide-react";

interface SegmentedProps<Value extends string> {
  label: string;
  /** Without it the label is only read out. */
  isLabelShown?: boolean;
  /** Shows the icons alone; the words are read out. */
  isIconOnly?: boolean;
  value: Value;
  options: readonly { value: Value; label: string; icon?: LucideIcon; lang?: string }[];
  onChange: (value: Value) => void;
}

/** One of a few, all in view: a row of radio buttons. */
export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const choose = (value: string) => {
    const option = props.options.find((candidate) => candidate.value === value);
    if (option) props.onChange(option.value);
  };
  return (
    <RadioGroup
      orientation="horizontal"
      value={props.value}
      onChange={choose}
      aria-label={props.isLabelShown ? undefined : props.label}
      className="flex flex-col items-start gap-1.5"
    >
      {props.isLabelShown ? <Label className="text-sm font-medium">{props.label}</Label> : null}
      <div className="inline-flex flex-wrap gap-0.5 rounded-lg border border-border bg-surface-secondary p-0.5">
        {props.options.map(({ value, label, icon: Icon, lang }) => (
          <Radio
            key={value}
            value={value}
            lang={lang}
            aria-label={props.isIconOnly ? label : undefined}
            className="flex min-h-8 cursor-pointer items-center gap-2 rounded-md px-3 text-sm text-muted transition-colors duration-100 hover:text-foreground data-focus-visible:outline-2 data-focus-visible:outline-focus data-selected:bg-segment data-selected:font-medium data-selected:text-foreground data-selected:shadow-[0_0_0_1px_var(--border)] pointer-coarse:min-h-11"
          >
            {Icon ? <Icon aria-hidden size={15} /> : null}
            {props.isIconOnly ? null : label}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
