/**
 * For each Latin letter, the characters that look like it: Cyrillic, Greek, Armenian, Coptic, Cherokee, Lisu, small
 * capitals, letters with strokes, and the digits and signs that people use for letters. The table follows UTS 39 §4,
 * for lower case. It has no compatibility forms (full width, mathematical, circled, ligatures), because NFKC replaces
 * them.
 */
const lookalikes: Readonly<Record<string, string>> = {
  a: 'аαաᴀɑɐⱥⲁꭺꓮ4@ʌд',
  b: 'вβьᴃʙƀɓꮟꓐ8',
  c: 'сϲⲥᴄꞓƈȼɔꮯꓚ¢©',
  d: 'ԁᴅđɖɗꮷꓓ',
  e: 'еєεɛəǝⲉᴇɇꭼꓰ3€',
  f: 'ꜰƒꓝ',
  g: 'ɡցɢɠǥᶃԍꮐꓖ69',
  h: 'нһհηᴴʜħꮋꓧ',
  i: 'іιɩıɪᴉⲓꭵꮖꓲ',
  j: 'јյᴊɉꓙ',
  k: 'кκᴋƙⲕꓗ',
  l: 'ӏլʟłƚɫɭꮮꓡǀ1|!',
  m: 'мᴍɱⲙꮇꓟ',
  n: 'пոռɴŋɲꓠ',
  o: 'оοօσᴏøɵⲟꓳ0',
  p: 'рρքᴘþⲣꮲꓑ',
  q: 'ԛզɋ',
  r: 'гʀɍⲅꭱꓣ',
  s: 'ѕʂꜱꜱꮪꓢ5$',
  t: 'тτᴛŧƭʈⲧꭲꓔ7+†',
  u: 'υսᴜʉꓴμ',
  v: 'νѵᴠʋꓦ',
  w: 'ѡԝաωᴡⱳꓪш',
  x: 'хχⲭꓫ',
  y: 'уүγʏỿɏꓬ',
  z: 'ᴢʐƶꓜ',
};

const latin: ReadonlyMap<string, string> = new Map(
  Object.entries(lookalikes).flatMap(([letter, others]) => Array.from(others).map((other) => [other, letter] as const)),
);

/**
 * The first code points of three alphabets of symbols: negative circled, negative squared, regional. NFKC does not
 * replace these symbols.
 */
const symbolAlphabets = [0x1_f1_50, 0x1_f1_70, 0x1_f1_e6];

/**
 * Returns the skeleton of a text. Two texts that look alike have the same skeleton, if `lookalikes` has their letters.
 * A skeleton is in lower case. It has no marks and no invisible characters. Each character that looks like a Latin
 * letter is replaced by this letter, and `i` by `l`.
 */
export function skeletonOf(text: string): string {
  // Lookalikes are also replaced before NFKC, because NFKC turns some of them (`ϲ`) into letters that look different.
  const plain = inLatin(text.toLowerCase()).normalize('NFKC').toLowerCase().normalize('NFKD');
  return inLatin(plain.replaceAll(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')).replaceAll('i', 'l');
}

function inLatin(text: string): string {
  return Array.from(text, (letter) => latin.get(letter) ?? symbolLetter(letter)).join('');
}

function symbolLetter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const start = symbolAlphabets.find((first) => code >= first && code < first + 26);
  return start === undefined ? character : String.fromCodePoint(97 + code - start);
}

/**
 * Finds out whether a word of a text looks like `word`. Several words can also be joined (`Claim-Gate`). Joined words
 * must match completely. Otherwise `reclaim gates` would contain `claimgate`.
 *
 * @param within whether a part of a longer word counts, too
 */
export function looksLike(text: string, word: string, within: boolean): boolean {
  const wanted = joined(wordsOf(word));
  const words = wordsOf(text);
  if (wanted === '') return false;
  return words.some((first, from) => {
    if (within && joined([first]).includes(wanted)) return true;
    let together = '';
    for (const next of words.slice(from)) {
      together += next;
      if (joined([together]) === wanted) return true;
      if (together.length > 2 * wanted.length) return false;
    }
    return false;
  });
}

function wordsOf(text: string): readonly string[] {
  return skeletonOf(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** Joins words, and replaces two letters that look like one. */
function joined(words: readonly string[]): string {
  return words.join('').replaceAll('rn', 'm').replaceAll('vv', 'w');
}
