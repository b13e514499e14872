const places = [
  ['198.41.200.13', 'fra08'],
  ['198.41.192.77', 'ams01'],
  ['198.41.200.43', 'fra12'],
  ['198.41.192.227', 'ams07'],
] as const;

/** What cloudflared writes when it starts. The settings show its token, as those of old versions did. */
export function linesOfStart(tunnelId: string, version: string, token: string): string[] {
  return [
    `INF Starting tunnel tunnelID=${tunnelId}`,
    `INF Version ${version} (Checksum 8734f79dbdcb91e305fa48d837840c8c0d14f143ed390c516b86c2c292d9b368)`,
    'INF GOOS: linux, GOVersion: go1.24.9, GoArch: amd64',
    `INF Settings: map[no-autoupdate:true token:${token}]`,
    'INF Initial protocol quic',
    'INF Starting metrics server on [::]:20241/metrics',
  ];
}

export function linesOfConnecting(connectorId: string): string[] {
  return [
    `INF Generated Connector ID: ${connectorId}`,
    ...places.map(
      ([ip, location], index) =>
        `INF Registered tunnel connection connIndex=${index} connection=${connectorId.slice(0, -1)}${index} event=0 ip=${ip} location=${location} protocol=quic`,
    ),
  ];
}

export function linesOfStop(): string[] {
  return [
    'INF Initiating graceful shutdown due to signal terminated ...',
    ...places.map(([ip], index) => `INF Unregistered tunnel connection connIndex=${index} event=0 ip=${ip}`),
    'INF Tunnel server stopped',
    'INF Metrics server stopped',
  ];
}

export function linesOfCrash(): string[] {
  return [
    'ERR Failed to dial a quic connection error="failed to dial to edge with quic: timeout: no recent network activity" connIndex=0 event=0 ip=198.41.200.13',
    'ERR Register tunnel error from server side error="Unauthorized: Invalid tunnel secret" connIndex=0 event=0 ip=198.41.200.13',
    'ERR Initiating shutdown error="Unauthorized: Invalid tunnel secret"',
  ];
}

/** What it writes again and again while it gets no connection. */
export function linesOfTrying(): string[] {
  return [
    'ERR Unable to establish connection with Cloudflare edge error="TLS handshake with edge error: EOF" connIndex=0 event=0 ip=198.41.192.77',
    'INF Retrying connection in up to 4s connIndex=0 event=0 ip=198.41.192.77',
  ];
}
