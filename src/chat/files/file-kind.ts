/** What a file is read as. */
export type FileKind = 'text' | 'pdf';

const textEndings = new Set(
  `txt text md markdown mdx rst adoc org tex bib csv tsv json jsonl ndjson yaml yml toml ini cfg conf properties xml html
  htm css scss less js mjs cjs jsx ts mts cts tsx vue svelte py pyi ipynb rb go rs java kt kts scala swift c h cc cpp cxx
  hpp cs fs php pl pm sh bash zsh fish ps1 bat sql r jl lua hs ml clj ex exs erl dart zig nim diff patch log srt vtt
  dockerfile makefile cmake gradle proto graphql tf`.split(/\s+/),
);
const textTypes = /^(?:text\/|application\/(?:json|x-ndjson|xml|yaml|x-yaml|toml|javascript|typescript|x-sh|sql)\b)/;

/** By its type or the end of its name; null: nothing that is read. */
export const fileKind = ({ name, mimetype }: { readonly name: string; readonly mimetype: string }): FileKind | null => {
  const ending = name.toLowerCase().split('.').at(-1) ?? '';
  if (mimetype === 'application/pdf' || ending === 'pdf') return 'pdf';
  return textTypes.test(mimetype) || textEndings.has(ending) ? 'text' : null;
};
