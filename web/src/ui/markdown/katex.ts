// Fetched only when a text holds maths.
import { createMathPlugin } from "@streamdown/math";
import "katex/dist/katex.min.css";

// A single dollar is money; `normalizeMath` has turned the dollars of formulas into double ones.
export const math = createMathPlugin({ singleDollarTextMath: false, errorColor: "var(--danger)" });
