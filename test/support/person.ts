import { type Account, admin } from './server.ts';

/** A browser without scripts. It stores cookies by path and fills in forms. It does not follow redirects by itself. */
export class Person {
  readonly #cookies = new Map<string, { pair: string; path: string }>();
  readonly #behind: { readonly publicUrl: string; readonly own: string } | null;
  /** Every `Set-Cookie` header that was received. */
  readonly cookieLines: string[] = [];

  /**
   * @param behind the public URL of a server, and the address on which it listens, if they differ. Default: they are
   *   equal
   */
  constructor(behind: { readonly publicUrl: string; readonly own: string } | null = null) {
    this.#behind = behind;
  }

  async get(url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET'): Promise<Response> {
    return this.#send(url, { method, headers });
  }

  /** Returns the value of a cookie, and its signature if it has one; an empty string if there is no such cookie. */
  cookie(name: string): string {
    const values = [...this.#cookies.values()].map(({ pair }) => pair);
    const of = (wanted: string) => values.find((pair) => pair.startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    return [of(name), of(`${name}.sig`)].filter(Boolean).join(' ');
  }

  /** Sets a cookie, as another site of the same domain could. @param value in the form of `cookie` */
  plant(name: string, value: string, path: string): void {
    // Browsers accept this prefix only from the host itself.
    if (name.startsWith('__Host-')) return;
    const [content = '', signature] = value.split(' ');
    const put = (pair: string, key: string) => this.#cookies.set(`${key} ${path}`, { pair, path });
    put(`${name}=${content}`, name);
    if (signature !== undefined) put(`${name}.sig=${signature}`, `${name}.sig`);
  }

  /** Posts a form of a page with its hidden fields. The `action` of the form ends with this text. */
  async submit(
    page: { url: string; html: string },
    action: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const form = page.html.split('<form').find((part) => part.includes(`/${action}"`));
    if (!form) throw new Error(`the page has no form "${action}":\n${page.html}`);
    const target = /action="([^"]+)"/.exec(form)?.[1] ?? '';
    const hidden = [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value] as const,
    );
    return this.#send(new URL(target, page.url).href, {
      method: 'POST',
      body: new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }),
      headers: { 'sec-fetch-site': 'same-origin', origin: new URL(page.url).origin, ...headers },
    });
  }

  /**
   * Follows the redirects within our server. @returns the last page, or the address outside of the server to which the
   * last redirect leads
   */
  async follow(response: Response, own: string): Promise<{ url: string; html: string; response: Response }> {
    let current = response;
    while (current.status >= 300 && current.status < 400) {
      const target = this.#reached(new URL(current.headers.get('location') ?? '', current.url).href);
      if (!target.startsWith(`${own}/`)) return { url: target, html: '', response: current };
      current = await this.get(target);
    }
    return { url: current.url, html: await current.text(), response: current };
  }

  /** Returns the address at which a URL of the server can be reached from the test. */
  #reached(url: string): string {
    const { publicUrl = '', own = '' } = this.#behind ?? {};
    return publicUrl !== '' && url.startsWith(`${publicUrl}/`) ? own + url.slice(publicUrl.length) : url;
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    const { pathname } = new URL(url);
    const cookie = [...this.#cookies]
      .filter(([, { path }]) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
      .map(([, { pair }]) => pair)
      .join('; ');
    const response = await fetch(this.#reached(url), {
      ...init,
      redirect: 'manual',
      headers: { ...(init.headers as Record<string, string>), ...(cookie && { cookie }) },
    });
    for (const line of response.headers.getSetCookie()) {
      this.cookieLines.push(line);
      const [pair = '', ...attributes] = line.split('; ');
      const name = pair.slice(0, pair.indexOf('='));
      const path = attributes.find((attribute) => attribute.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
      const expires = attributes.find((attribute) => attribute.toLowerCase().startsWith('expires='))?.slice(8);
      if (expires && Date.parse(expires) < Date.now()) this.#cookies.delete(`${name} ${path}`);
      else this.#cookies.set(`${name} ${path}`, { pair, path });
    }
    return response;
  }
}

/**
 * Signs in and consents or denies. Begins at the authorization endpoint and ends at the callback of the application.
 *
 * @returns the address of the callback with its answer
 */
export async function authorize(
  address: URL,
  options: {
    account?: Account;
    decision?: 'allow' | 'deny';
    person?: Person;
    /** Fields that replace fields of the consent form. */
    consent?: Record<string, string>;
  } = {},
): Promise<URL> {
  const { account = admin, decision = 'allow', person = new Person(), consent = {} } = options;
  const own = address.origin;
  let page = await person.follow(await person.get(address.href), own);
  if (page.html.includes('/sign-in"')) {
    const { email, password } = account;
    page = await person.follow(await person.submit(page, 'sign-in', { email, password, decision: 'sign-in' }), own);
  }
  if (page.html.includes('/consent"'))
    page = await person.follow(await person.submit(page, 'consent', { decision, ...consent }), own);
  if (page.url.startsWith(`${own}/`)) throw new Error(`the sign-in ended on a page of ours:\n${page.html}`);
  return new URL(page.url);
}
