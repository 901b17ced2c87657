import { buttonVariants } from "@heroui/react";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

interface ButtonLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  variant?: "primary" | "secondary" | "tertiary" | "ghost" | "outline";
  size?: "sm" | "md" | "lg";
  isIconOnly?: boolean;
  ref?: Ref<HTMLAnchorElement>;
}

function Anchor({ variant = "primary", size = "md", isIconOnly, className, children, ...props }: ButtonLinkProps) {
  return (
    <a {...props} className={buttonVariants({ variant, size, isIconOnly, className })}>
      {children}
    </a>
  );
}

/** A link that looks like a button: it leads to a page, so it is a link for every reader. */
export const ButtonLink = createLink(Anchor);
