# A Node release line with long-term support.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM node:${NODE_VERSION}-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund --omit=dev

FROM node:${NODE_VERSION}-slim
WORKDIR /app
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/home/node/.compile-cache
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist

# The files above belong to root: the bot cannot change its own code.
USER node

# Loads the dependencies once, which leaves them compiled in the cache: a read-only container cannot do that itself.
# As the user who runs the bot, because Node keeps one cache for each.
RUN ["node", "--input-type=module", "--eval", "import { createRequire } from 'node:module'; const { dependencies } = createRequire('/app/')('./package.json'); for (const name of Object.keys(dependencies)) await import(name);"]

# Docker's default, said because the mains count on it: they finish what they are doing, then end.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["node", "dist/healthcheck.js"]
CMD ["node", "dist/main.js"]
