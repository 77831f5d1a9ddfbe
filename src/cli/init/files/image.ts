import type { Manager, ProjectFile } from './manager.ts';

/** How each package manager installs the packages of production, from the lock file. */
const installs: Readonly<Record<Manager, { readonly lockFile: string; readonly command: string }>> = {
  npm: { lockFile: 'package-lock.json', command: 'npm ci --omit=dev --ignore-scripts --no-audit --no-fund' },
  pnpm: {
    lockFile: 'pnpm-lock.yaml',
    command: 'corepack enable && pnpm install --prod --frozen-lockfile --ignore-scripts',
  },
};

/** Makes the files of the image. The image has the project with its own modules. */
export function imageFiles(manager: Manager): ProjectFile[] {
  const { lockFile, command } = installs[manager];
  return [
    [
      'Dockerfile',
      `# docker build --tag orders .
# docker run --read-only --cap-drop ALL --security-opt no-new-privileges --volume orders:/data --publish 4000:4000 \\
#   --env CLAIMGATE_PUBLIC_URL=https://api.example.com --env CLAIMGATE_KEY --env CLAIMGATE_ADMIN_PASSWORD orders

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json ${lockFile} ./
# Claimgate's packages, because they are not in a registry.
COPY packages packages
RUN ${command}

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATABASE_URL=file:/data/claimgate.db
WORKDIR /app
COPY --from=build /build/node_modules node_modules
COPY package.json claimgate.config.ts ./
COPY modules modules
COPY schema schema
# Its group is root's, because OpenShift runs containers as a user of its own choice in that group.
RUN mkdir --mode=0770 /data && chown node:root /data
# The one folder that is written to.
VOLUME /data
USER 1000
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch(\`http://127.0.0.1:\${process.env.PORT}/health/ready\`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "node_modules/claimgate-server/lib/main.js", "start"]
`,
    ],
    [
      '.dockerignore',
      ['*', '!package.json', `!${lockFile}`, '!packages', '!claimgate.config.ts', '!modules', '!schema', ''].join('\n'),
    ],
  ];
}
