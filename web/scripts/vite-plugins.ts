// What the build does to other people's files. Each plugin says what it saves.
import type { Plugin } from "vite";

/**
 * React Aria carries its few built-in sentences in thirty languages; the page is never shown in any
 * but English ones. Saves 12 KB gz on every page.
 */
export function englishWidgets(): Plugin {
  const foreign = /react-aria\/dist\/private\/intl\/.+\/(?!en-US)[a-z]{2}-[A-Z]{2}\.mjs$/;
  return {
    name: "sangam:english-widgets",
    enforce: "pre",
    apply: "build",
    load: (id) => (foreign.test(id) ? "export default {};" : null),
  };
}

/** Every browser that runs the page reads woff2: KaTeX's 40 older font files stay out of the binary. */
export function modernFonts(): Plugin {
  const older = /,\s*url\([^)]+\.(?:woff|ttf)\)\s*format\(["']?\w+["']?\)/g;
  return {
    name: "sangam:modern-fonts",
    enforce: "pre",
    transform: (code, id) => (/katex(?:\.min)?\.css/.test(id) ? { code: code.replace(older, ""), map: null } : null),
  };
}

/**
 * The two faces that every page shows are fetched beside its code, not after it: without this the
 * first paint is in another face and jumps.
 */
export function preloadFonts(...faces: string[]): Plugin {
  return {
    name: "sangam:preload-fonts",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle }) =>
        faces.map((face) => {
          const file = Object.keys(bundle ?? {}).find((name) => name.startsWith(`assets/${face}-`) && name.endsWith(".woff2"));
          if (!file) throw new Error(`the build has no font ${face}`);
          const attrs = { rel: "preload", as: "font", type: "font/woff2", href: `/${file}`, crossorigin: true };
          return { tag: "link", attrs, injectTo: "head" as const };
        }),
    },
  };
}
