import type { Faults, MethodFault } from './faults.ts';
import { asObject, asText, type JsonObject } from './json.ts';

/** `{ add?, refuseBlock?, down?, duplicateDeliveries?, delayDeliveries?, clear? }`, each as in `Faults`. */
export function setFaults(faults: Faults, body: JsonObject): JsonObject {
  if (body['clear'] === true) faults.clear();
  if (body['add'] !== undefined) faults.add(methodFault(asObject(body['add'])));
  if (body['refuseBlock'] !== undefined) faults.refuseBlock(asText(body['refuseBlock']));
  if (typeof body['down'] === 'boolean') faults.down(body['down']);
  if (typeof body['duplicateDeliveries'] === 'number') faults.duplicateDeliveries(body['duplicateDeliveries']);
  const delay = asObject(body['delayDeliveries']);
  if (typeof delay['ms'] === 'number') faults.delayDeliveries(Number(delay['count'] ?? 1), delay['ms']);
  return { ok: true };
}

function methodFault(given: JsonObject): MethodFault {
  const { error, times, retryAfterSeconds, status, latencyMs } = given;
  return {
    method: asText(given['method']),
    ...(typeof error === 'string' && { error }),
    ...(typeof times === 'number' && { times }),
    ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
    ...(typeof status === 'number' && { status }),
    ...(typeof latencyMs === 'number' && { latencyMs }),
    afterwards: given['afterwards'] === true,
  };
}
