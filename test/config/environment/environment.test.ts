import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type VariableName, variables } from '../../../src/config/environment/variables.ts';
import { readServerConfig } from '../../../src/server/configuration.ts';
import { printableUrl } from '../../../src/store/database.ts';

const read = (environment: Record<string, string>) => readServerConfig(environment, '/nowhere');
const faultsOf = async (environment: Record<string, string>) => (await read(environment)).faults;

/** A valid value of each variable. */
const good: Readonly<Record<VariableName, string>> = {
  PORT: '4000',
  HOST: 'localhost',
  DATABASE_URL: 'postgres://user:secret@db.example.com/claimgate',
  DATABASE_SESSION_URL: 'postgres://user:secret@direct.example.com/claimgate',
  LOG_LEVEL: 'warn',
  CLAIMGATE_PUBLIC_URL: 'https://api.example.com',
  CLAIMGATE_AUDIENCE: 'https://api.example.com/graphql',
  CLAIMGATE_ISSUER: 'https://login.example.com',
  CLAIMGATE_CLIENT_ID: 'client-1',
  CLAIMGATE_CLIENT_SECRET: 'the-secret-of-client-1',
  CLAIMGATE_REDIRECT_URIS: 'https://app.example.com/callback',
  CLAIMGATE_ADMIN_EMAIL: 'ada@example.com',
  CLAIMGATE_ADMIN_PASSWORD: 'correct horse battery',
  CLAIMGATE_ALLOWED_ORIGINS: 'https://app.example.com',
  CLAIMGATE_ALLOWED_HEADERS: 'x-tenant',
  CLAIMGATE_MAX_BODY_BYTES: '1048576',
  CLAIMGATE_TRUSTED_PROXIES: 'loopback',
  CLAIMGATE_LANE: 'off',
  CLAIMGATE_METRICS_TOKEN: 'm'.repeat(32),
  CLAIMGATE_REGISTRATION_TOKEN: 'r'.repeat(32),
  CLAIMGATE_KEY: Buffer.alloc(32, 7).toString('base64'),
  CLAIMGATE_CONFIG: import.meta.filename,
};
const names = Object.keys(variables) as VariableName[];
/** Returns only the faults of a variable's own value. A missing companion variable is another kind of fault. */
const ofValue = (faults: readonly string[], name: string) =>
  faults.filter(
    (fault) =>
      fault.startsWith(`${name}=`) || fault.startsWith(`${name}: expected ${variables[name as VariableName].expected}`),
  );

describe('G-13 variables that Kubernetes and Docker set', () => {
  const links = {
    CLAIMGATE_SERVICE_HOST: '10.0.171.239',
    CLAIMGATE_SERVICE_PORT: '4000',
    CLAIMGATE_SERVICE_PORT_HTTP: '4000',
    CLAIMGATE_SERVICE_PORT_HTTP_METRICS: '4000',
    CLAIMGATE_PORT: 'tcp://10.0.171.239:4000',
    CLAIMGATE_PORT_4000_TCP: 'tcp://10.0.171.239:4000',
    CLAIMGATE_PORT_4000_TCP_PROTO: 'tcp',
    CLAIMGATE_PORT_4000_TCP_PORT: '4000',
    CLAIMGATE_PORT_4000_TCP_ADDR: '10.0.171.239',
    CLAIMGATE_DB_SERVICE_HOST: '10.0.171.240',
    CLAIMGATE_DB_SERVICE_PORT: '5432',
    CLAIMGATE_DB_SERVICE_PORT_POSTGRES: '5432',
    CLAIMGATE_DB_PORT: 'tcp://[2001:db8::1]:5432',
    CLAIMGATE_DB_PORT_5432_TCP: 'tcp://[2001:db8::1]:5432',
    CLAIMGATE_DB_PORT_5432_TCP_ADDR: '2001:db8::1',
    CLAIMGATE_DNS_PORT_53_UDP: 'udp://10.0.0.10:53',
    CLAIMGATE_DNS_PORT_53_UDP_PROTO: 'udp',
    CLAIMGATE_SS7_PORT: 'sctp://10.0.0.11:2905',
    CLAIMGATE_SS7_PORT_2905_SCTP_PORT: '2905',
    CLAIMGATE_API_V2_PORT_80_TCP_ADDR: '10.0.0.12',
    CLAIMGATE_CONFIG_PORT: 'tcp://10.0.0.13:80',
    CLAIMGATE_KEY_SERVICE_HOST: '10.0.0.14',
    CLAIMGATE2_PORT: 'tcp://10.0.0.15:80',
    // Variables that Docker sets for container links.
    CLAIMGATE_NAME: '/web/claimgate',
    CLAIMGATE_DB_NAME: '/claimgate/db',
    CLAIMGATE_DB_ENV_POSTGRES_PASSWORD: 'secret',
    CLAIMGATE_DB_PORT_5432_TCP_START: 'tcp://172.17.0.5:5432',
    CLAIMGATE_DB_PORT_5432_TCP_PORT_END: '5433',
  };
  it('G-13 are ignored, every name of the family', async () => {
    assert.deepEqual(await faultsOf(links), []);
  });

  for (const [typo, meant] of [
    ['CLAIMGATE_ISUER', 'CLAIMGATE_ISSUER'],
    ['CLAIMGATE_ISSUER_URL', 'CLAIMGATE_ISSUER'],
    ['CLAIMGATE_REDIRECT_URI', 'CLAIMGATE_REDIRECT_URIS'],
    ['CLAIMGATE_ALLOW_ORIGINS', 'CLAIMGATE_ALLOWED_ORIGINS'],
    ['CLAIMGATE_TRUSTED_PROXY', 'CLAIMGATE_TRUSTED_PROXIES'],
    ['CLAIMGATE_KEYS', 'CLAIMGATE_KEY'],
    ['CLAIMGATE_PORT', 'PORT'],
    ['CLAIMGATE_HOST', 'HOST'],
    ['CLAIMGATE_DATABASE_URL', 'DATABASE_URL'],
    ['CLAIMGATE_LOGLEVEL', 'LOG_LEVEL'],
    ['claimgate_issuer', 'CLAIMGATE_ISSUER'],
    ['CLAIMGATE-ISSUER', 'CLAIMGATE_ISSUER'],
    ['CLAIMGTE_ISSUER', 'CLAIMGATE_ISSUER'],
    ['CLAIM_GATE_ISSUER', 'CLAIMGATE_ISSUER'],
  ] as const) {
    it(`G-13 ${typo} is reported with the nearest name`, async () => {
      assert.deepEqual(await faultsOf({ [typo]: '4000' }), [`${typo}: there is no such variable; expected ${meant}`]);
    });
  }

  it('G-13 a name that resembles no other is reported with all names, and without its value', async () => {
    const [fault = '', ...more] = await faultsOf({ CLAIMGATE_ZZZZZZZZZZ: 'hunter2' });
    assert.deepEqual(more, []);
    for (const name of names) assert.ok(fault.includes(name));
    assert.doesNotMatch(fault, /hunter2/);
  });

  it('G-13 variables of other programs are ignored', async () => {
    const others = { DATABASE_URI: 'x', PORTS: 'x', HOSTNAME: 'x', npm_package_bin_claimgate: 'x', CLIENT_ID: 'x' };
    assert.deepEqual(await faultsOf(others), []);
  });

  it('G-13 a mistyped log level is reported with the nearest one', async () => {
    for (const [typo, meant] of [
      ['INFO', 'info'],
      ['warning', 'warn'],
      ['degub', 'debug'],
    ] as const) {
      assert.match(
        (await faultsOf({ LOG_LEVEL: typo })).join(),
        new RegExp(`^LOG_LEVEL=${typo}: expected one of .*; the nearest is ${meant}$`),
      );
    }
    assert.match((await faultsOf({ LOG_LEVEL: 'loudest!' })).join(), /silent$/);
  });

  it('G-13 a service link as the value of one of our variables is refused, and the message explains it', async () => {
    for (const name of ['PORT', 'HOST'] as const) {
      const [fault = '', ...more] = await faultsOf({ [name]: 'tcp://10.0.171.239:4000' });
      assert.deepEqual(more, []);
      assert.match(fault, new RegExp(`^${name}=tcp://10\\.0\\.171\\.239:4000: expected .*enableServiceLinks: false`));
    }
  });
});

describe('G-14 characters that an editor, a shell or a mounted file adds to a value', () => {
  for (const name of names) {
    it(`G-14 ${name}: line ends, tabs and byte order marks around it are trimmed`, async () => {
      for (const around of [
        ['', '\n'],
        ['', '\r\n'],
        ['\t', '\t'],
        ['\uFEFF', ''],
        ['\uFEFF', '\r\n'],
      ] as const) {
        assert.deepEqual(
          ofValue(await faultsOf({ [name]: around.join(good[name]) }), name),
          [],
          JSON.stringify(around),
        );
      }
    });

    it(`G-14 ${name}: quotation marks, invisible characters and nothing but spaces are refused by name`, async () => {
      const faultyWith = async (value: string) => {
        const faults = ofValue(await faultsOf({ [name]: value }), name);
        assert.equal(faults.length, 1, `${JSON.stringify(value)}: ${faults.join('\n')}`);
        const [fault = ''] = faults;
        assert.ok(fault.startsWith(name) && fault.includes(': expected '), fault);
        assert.doesNotMatch(fault, /[\p{Cc}\p{Cf}]/u);
        if (variables[name].secret) assert.ok(!fault.includes(good[name]) && !fault.includes('secret@'), fault);
        return fault;
      };
      assert.match(await faultyWith(`"${good[name]}"`), /it stands in quotation marks/);
      assert.match(await faultyWith(`'${good[name]}'`), /it stands in quotation marks/);
      assert.match(
        await faultyWith(`${good[name].slice(0, 2)}\n${good[name].slice(2)}`),
        /its character 3 is \\n: remove it/,
      );
      assert.match(await faultyWith(`${good[name].slice(0, 2)}\u001B[2J${good[name]}`), /its character 3 is \\u\{1b\}/);
      assert.match(await faultyWith(`${good[name].slice(0, 1)}\uFFFD`), /its character 2 is not UTF-8/);
      assert.match(await faultyWith(' \n\t'), /nothing but white space/);
      if (name !== 'CLAIMGATE_ADMIN_PASSWORD') assert.match(await faultyWith(`${good[name]}\u200B`), /is \\u\{200b\}/);
    });
  }

  it('G-14 spaces are trimmed, or refused if they may belong to the value', async () => {
    for (const name of names) {
      const faults = ofValue(await faultsOf({ [name]: ` ${good[name]} ` }), name);
      if (!variables[name].exact) assert.deepEqual(faults, [], name);
      else assert.match(faults.join('\n'), new RegExp(`^${name}: .* it begins or ends with a space: remove it$`));
    }
    assert.deepEqual(
      names.filter((name) => variables[name].exact),
      ['CLAIMGATE_CLIENT_SECRET', 'CLAIMGATE_ADMIN_PASSWORD'],
    );
  });

  it('G-14 a refused value is shown escaped, shortened and without the possibly secret parts of a URL', async () => {
    const shown = async (value: string) => (await faultsOf({ CLAIMGATE_ISSUER: value })).join('\n');
    assert.match(
      await shown('https://login\u00A0.example.com\n'),
      /^CLAIMGATE_ISSUER=https:\/\/login\\u\{a0\}\.example\.com\\n: /,
    );
    assert.doesNotMatch(await shown('https://user:hun/ter@2@login.example.com'), /hun|ter@|user/);
    assert.doesNotMatch(await shown('https://login.example.com?token=hunter2'), /hunter2/);
    assert.ok((await shown(`http://${'x'.repeat(10_000)}`)).length < 1_000);
  });

  it('G-14 the trimmed value is used', async () => {
    const { config, faults } = await read({
      PORT: '8080\n',
      CLAIMGATE_PUBLIC_URL: '\uFEFFhttps://api.example.com\r\n',
      CLAIMGATE_ADMIN_PASSWORD: 'correct horse battery\n',
      CLAIMGATE_METRICS_TOKEN: ` ${good.CLAIMGATE_METRICS_TOKEN}\n`,
    });
    assert.deepEqual(faults, []);
    assert.deepEqual(
      [config.port, config.publicUrl, config.adminPassword, config.metricsToken],
      [8080, 'https://api.example.com', 'correct horse battery', good.CLAIMGATE_METRICS_TOKEN],
    );
  });
});

describe('G-15 a password in DATABASE_URL', () => {
  /** Passwords that end the user information of a URL early, and the parts of them that must not appear anywhere. */
  const passwords = [
    'hun@ter',
    'hun/ter',
    'hun#ter',
    'hun?ter',
    '123/ter',
    '123#ter',
    '123?ter',
    'hun%ter',
    'hu@n/t#e?r',
    '12@34/ter',
    'h un',
    '#',
    '/',
    '%',
  ];
  for (const password of passwords) {
    it(`G-15 ${password} is refused without repeating a part of it, and the message says how to write it`, async () => {
      for (const name of ['DATABASE_URL', 'DATABASE_SESSION_URL']) {
        const url = `postgres://claimgate:${password}@db.example.com:5432/claimgate`;
        const faults = await faultsOf({ DATABASE_URL: good.DATABASE_URL, [name]: url });
        const [fault = '', ...more] = faults.filter((one) => !one.includes('expected to be unset'));
        assert.deepEqual(more, []);
        assert.match(fault, new RegExp(`^${name}: expected .*percent-encode the user name and the password: @ is %40`));
        assert.doesNotMatch(fault, /hun|ter|123|1234|db\.example/);
        assert.doesNotMatch(printableUrl(url), /hun|ter|123|34/);
      }
    });

    it(`G-15 ${password} is used when it is percent-encoded, and not printed`, async () => {
      const url = `postgres://claimgate:${encodeURIComponent(password)}@db.example.com/claimgate?sslmode=require`;
      const { config, faults } = await read({ DATABASE_URL: url });
      assert.deepEqual([faults, config.databaseUrl], [[], url]);
      assert.equal(printableUrl(url), 'postgres://claimgate:…@db.example.com/claimgate');
    });
  }

  it('G-15 a password among the parameters, or of a socket, is not printed', async () => {
    for (const [url, printed] of [
      ['postgres://db.example.com/claimgate?user=u&password=hunter2', 'postgres://db.example.com/claimgate'],
      ['postgres://u:hunter2@/claimgate?host=/run/postgresql', 'postgres://u:…@/claimgate'],
      ['postgresql://:hunter2@[::1]:5433/claimgate', 'postgresql://:…@[::1]:5433/claimgate'],
    ] as const) {
      assert.deepEqual(await faultsOf({ DATABASE_URL: url }), [], url);
      assert.equal(printableUrl(url), printed);
    }
  });

  it('G-15 a URL of another form is refused without a part of it', async () => {
    for (const value of [
      'host=db password=hunter2',
      'mysql://u:hunter2@db/x',
      'u:hunter2@db/x',
      'postgres:/u:hunter2@db',
    ]) {
      assert.doesNotMatch((await faultsOf({ DATABASE_URL: value })).join('\n'), /hunter2/);
    }
  });

  const at = 'postgres://u:hunter2@db.example.com/x';
  for (const [value, advice] of [
    [`${at}?schema=app`, /the parameter schema is not one .*: name the schema as options=-c%20search_path%3DNAME$/],
    [`${at}?sslmode=require&currentSchema=app`, /the parameter currentSchema is not one of PostgreSQL/],
    [`${at}?search_path=app`, /the parameter search_path is not one of PostgreSQL/],
    [`${at}?options=-c search_path=app`, /percent-encode the parameters behind the \?: a space is %20$/],
    [`${at}?sslmode=allow`, /sslmode: expected one of disable, prefer, require, verify-ca, verify-full, no-verify$/],
    [`${at}?ssl=false`, /ssl: expected true or 0, or sslmode in its place$/],
    ['postgres://u:hunter2@a.example.com:5432,b.example.com:5432/x', /name one host: .* leads to the primary/],
    ['postgres://u:hunter2@a.example.com,b.example.com/x?target_session_attrs=read-write', /name one host/],
    ['jdbc:postgresql://db.example.com/x?user=u&password=hunter2', /begin it with `postgres:\/\/`$/],
    ['postgresql+asyncpg://u:hunter2@db.example.com/x', /begin it with `postgres:\/\/`$/],
    ['sqlite:///data/x.db', /write `file:` and the path$/],
    ['data/x.db', /write `file:` before the path$/],
  ] as const) {
    it(`a database URL of another driver is refused with advice: ${value.replace(':hunter2', '')}`, async () => {
      const [fault = '', ...more] = await faultsOf({ DATABASE_URL: value });
      assert.deepEqual(more, []);
      assert.match(fault, /^DATABASE_URL: expected /);
      assert.match(fault, advice);
      assert.doesNotMatch(fault, /hunter2|db\.example|app\b/);
    });
  }

  it('parameters of other drivers that have no effect here are ignored', async () => {
    for (const parameters of [
      'schema=public&pgbouncer=true&connection_limit=1&pool_timeout=10',
      'sslmode=require&channel_binding=require',
      'ssl=true',
      'target_session_attrs=read-write&connect_timeout=10',
      'options=-c%20search_path%3Dapp',
      'options=project%3Dep-cool-name-1',
    ]) {
      assert.deepEqual(await faultsOf({ DATABASE_URL: `${at}?${parameters}` }), [], parameters);
    }
  });

  it('a session URL is only allowed for PostgreSQL', async () => {
    const faults = await faultsOf({ DATABASE_SESSION_URL: good.DATABASE_SESSION_URL });
    assert.deepEqual(faults, [
      'DATABASE_SESSION_URL: expected to be unset, since DATABASE_URL is not a PostgreSQL database',
    ]);
  });
});

describe('G-18 HOST', () => {
  for (const [value, host] of [
    ['[::]', '::'],
    ['::', '::'],
    ['[::1]', '::1'],
    ['0.0.0.0', '0.0.0.0'],
    ['127.0.0.1', '127.0.0.1'],
    ['localhost', 'localhost'],
    ['my-host.internal.example.com', 'my-host.internal.example.com'],
    ['pod_1', 'pod_1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
  ] as const) {
    it(`G-18 ${value} is taken`, async () => {
      const { config, faults } = await read({ HOST: value });
      assert.deepEqual([faults, config.host], [[], host]);
    });
  }
  for (const value of [
    '*',
    '[::',
    '::]',
    '[127.0.0.1]',
    '[::]:4000',
    'localhost:4000',
    '127.0.0.1:4000',
    '1.2.3',
    '300.1.1.1',
    'http://x',
    '-x',
    'a..b',
    'a b',
  ]) {
    it(`G-18 ${value} is refused`, async () => {
      const [fault = '', ...more] = await faultsOf({ HOST: value });
      assert.deepEqual(more, []);
      assert.match(fault, /^HOST=.*: expected an address or a host name to listen on, without a port/);
    });
  }
});
