import { posix } from 'node:path';

/** The folder of a package that has its guides, under their paths in `src/`. */
export const guidesFolder = 'guides';

/**
 * Makes the text of a guide for a package. The comments that mark generated parts are left out. A link to a file that the
 * package does not have becomes plain text.
 *
 * @param path - the path of the guide from `src/`
 * @param guides - the paths of all guides of the package
 */
export function packagedGuide(path: string, text: string, guides: readonly string[]): string {
  return packagedMarkdown(path, text, guides, posix.join(guidesFolder, posix.dirname(path)));
}

/** Makes the text of the README of a package, like `packagedGuide`. @param path - its path from `src/` */
export function packagedReadme(path: string, text: string, guides: readonly string[]): string {
  return packagedMarkdown(path, text, guides, '');
}

/** @param folder - the folder of the text in the package */
function packagedMarkdown(path: string, text: string, guides: readonly string[], folder: string): string {
  const parts = text.replaceAll(/^<!-- .* -->\n/gm, '').split(/^(```[^]*?^```$)/m);
  const withLinks = (part: string) =>
    part.replaceAll(/\[([^\]]*)\]\(([^()\s]+)\)/g, (link, label: string, target: string) => {
      if (/^(?:https?:|#)/.test(target)) return link;
      const [file = '', ...fragment] = target.split('#');
      const guide = posix.join(posix.dirname(path), file);
      if (!guides.includes(guide)) return label;
      const there = posix.relative(folder, posix.join(guidesFolder, guide));
      return `[${label}](${[there, ...fragment].join('#')})`;
    });
  return parts.map((part) => (part.startsWith('```') ? part : withLinks(part))).join('');
}
