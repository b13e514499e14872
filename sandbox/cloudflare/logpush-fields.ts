const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** The documented fields of the datasets that can be exported here; those of all others are not pretended. */
export const logpushFields: Readonly<Record<string, readonly string[]>> = {
  access_requests: words(`
    Action Allowed AppDomain AppUUID Connection Country CreatedAt Email IPAddress PurposeJustificationPrompt
    PurposeJustificationResponse RayID TemporaryAccessApprovers TemporaryAccessDuration UserUID`),
  gateway_dns: words(`
    AccountID ApplicationID ApplicationName CNAMEs ColoCode ColoID Datetime DeviceID DeviceName DstIP DstPort EDEErrors
    Email IsResponseCached Location LocationID MatchedCategoryIDs MatchedCategoryNames PolicyID PolicyName Protocol
    QueryCategoryIDs QueryCategoryNames QueryID QueryName QueryNameReversed QuerySize QueryType QueryTypeName RCode
    RegistrationID ResolvedIPs ResolverDecision ResourceRecordsJSON SrcIP SrcIPCountryCode SrcPort TimeZone UserID`),
  gateway_http: words(`
    AccountID Action ApplicationIDs ApplicationNames BlockedFileName BlockedFileReason CategoryIDs CategoryNames Datetime
    DestinationIP DestinationIPCountryCode DestinationPort DeviceID DeviceName DownloadedFileNames Email HTTPHost
    HTTPMethod HTTPStatusCode HTTPVersion IsIsolated PolicyID PolicyName ProxyEndpoint Referer RegistrationID RequestID
    SessionID SourceIP SourceIPCountryCode SourceInternalIP SourcePort URL UploadedFileNames UserAgent UserID`),
  gateway_network: words(`
    AccountID Action ApplicationIDs ApplicationNames CategoryIDs CategoryNames Datetime DestinationIP
    DestinationIPCountryCode DestinationPort DetectedProtocol DeviceID DeviceName Email OverrideIP OverridePort PolicyID
    PolicyName ProxyEndpoint RegistrationID SNI SessionID SourceIP SourceIPCountryCode SourceInternalIP SourcePort
    Transport TransportProtocol UserID VirtualNetworkID VirtualNetworkName`),
  zero_trust_network_sessions: words(`
    AccountID BytesReceived BytesSent ClientTLSVersion ConnectionCloseReason ConnectionReuse DestinationTunnelID
    DetectedProtocol DeviceID DeviceName EgressColoName EgressIP EgressPort Email IngressColoName Offramp OriginIP
    OriginPort OriginTLSVersion Protocol RegistrationID ResolvedFQDN SNI SessionEndTime SessionID SessionStartTime
    SourceIP SourceInternalIP SourcePort UserID VirtualNetworkID`),
};

/** All that the published description names. */
export const logpushDatasets: ReadonlySet<unknown> = new Set(
  words(`
    access_requests audit_logs audit_logs_v2 biso_user_actions casb_findings device_posture_results
    dex_application_tests dex_device_state_events dlp_forensic_copies dns_firewall_logs dns_logs email_security_alerts
    email_security_post_delivery_events firewall_events gateway_dns gateway_http gateway_network http_requests
    ipsec_logs magic_ids_detections mcp_portal_logs mnm_flow_logs nel_reports network_analytics_logs page_shield_events
    sinkhole_http_logs spectrum_events ssh_logs turnstile_events warp_config_changes warp_toggle_changes
    websocket_analytics workers_trace_events zaraz_events zero_trust_network_sessions`),
);
