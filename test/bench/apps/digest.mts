// Makes the digest of a day. Arguments: the files with the rows of the Access log and of the network.
// Prints how many rows of the Access log there were, and the most memory that this process had.
import { digestOf } from '../digest-of.ts';

const [access = '', network = ''] = process.argv.slice(2);
const digest = await digestOf({ access, network });
const rows = digest.access.signIns + digest.access.denied;
process.stdout.write(JSON.stringify({ rows, kilobytes: process.resourceUsage().maxRSS }));
