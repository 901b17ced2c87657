import { Button, type ButtonProps, Spinner } from "@heroui/react";
import type { ReactNode } from "react";

interface SubmitButtonProps extends Omit<ButtonProps, "children" | "type"> {
  children: ReactNode;
}

/** Sends its form; keeps its width and stays focusable while the answer is awaited. */
export function SubmitButton({ children, ...props }: SubmitButtonProps) {
  return (
    <Button type="submit" {...props}>
      {({ isPending }) => (
        <>
          {isPending ? <Spinner size="sm" color="current" /> : null}
          {children}
        </>
      )}
    </Button>
  );
}
