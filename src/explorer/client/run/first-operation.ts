import { identityNames } from '../../documents/identity-names.ts';
import type { Settings } from '../settings.ts';

/**
 * Returns the text of the editor at the first visit. With the identity API of this server, it is an operation that three
 * callers read differently: without a token, with a token, and with the scope `profile`. With a foreign issuer, the
 * schema has no accounts. If only trusted documents run, it is a document that runs anyway.
 */
export function firstOperation({
  audit,
  identityApi,
  trusted,
}: Pick<Settings, 'audit' | 'identityApi' | 'trusted'>): string {
  if (trusted?.only) {
    return `# Only trusted documents\n# run here. Their pane has\n# a list.\nquery Example {\n  __typename\n}\n`;
  }
  if (!identityApi) return 'query Example {\n  __typename\n}\n';
  const { field } = identityNames(identityApi.prefix);
  const account = `
    # This needs the scope "profile". It may be
    # null, so without it, the rest stays.
    account {
      email
      roles
    }`;
  return `# Run this with Ctrl+Enter: without a token,
# then signed in, then side by side.
query WhoMayReadWhat {
  # Everyone may read the scopes.
  ${field('scopes')} {
    name
  }
  # This field needs an access token. It is
  # never null, so without a token, the whole
  # answer is null, also the scopes.
  ${field('viewer')} {
    subject${audit ? account : '\n    scopes'}
  }
}
`;
}
