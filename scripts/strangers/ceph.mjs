// Ceph's RADOS Gateway on loopback: one monitor, one OSD that keeps its objects in memory, the gateway.
// https://docs.ceph.com/en/pacific/radosgw/config-ref/ and https://docs.ceph.com/en/pacific/install/manual-deployment/
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { canInstallDebianPackages, installDebianPackages } from '../lib/apt.mjs';
import { freePorts } from '../lib/free-ports.mjs';
import { findOnPath, InstallError } from '../lib/install.mjs';
import { endProcess, runProcess, startBoundProcess } from '../lib/processes.mjs';

/** @import { ChildProcess } from 'node:child_process' */

const PROGRAMS = ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph', 'monmaptool'];
const START_MS = 60_000;

/** A tenant of twelve digits makes ARNs that look like AWS's. */
const ACCOUNT = '123456789012';

/** Access key and secret of each user; made up, and good for this gateway alone. */
const USERS = /** @type {const} */ ({
  admin: {
    accessKey: 'GWADMIN0000000000001',
    secret: 'the-admin-of-a-gateway-that-is-gone-soon',
    caps: 'roles=*;user-policy=*',
  },
  astro: { accessKey: 'GWASTRO0000000000001', secret: 'the-caller-at-a-gateway-that-is-gone-soon', caps: '' },
  other: { accessKey: 'GWOTHER0000000000001', secret: 'a-stranger-at-a-gateway-that-is-gone-soon', caps: '' },
});

/** @returns {Promise<import('../strangers.mjs').Prepared>} */
export async function prepare() {
  const isThere = () => PROGRAMS.every(program => findOnPath([program]));
  if (!isThere()) {
    const why = await installDebianPackages("Ceph's gateway", ['radosgw', 'ceph-mon', 'ceph-osd']);
    if (why && !canInstallDebianPackages()) return { skipped: why };
    if (why) throw new InstallError(why);
    if (!isThere()) throw new InstallError(`apt-get installed no ${PROGRAMS.find(program => !findOnPath([program]))}.`);
  }
  const gateway = new Gateway();
  try {
    return { env: await gateway.start(), stop: () => gateway.stop() };
  } catch (error) {
    await gateway.stop();
    throw error;
  }
}

class Gateway {
  /** Short, since the path of a Unix socket may have 107 bytes. */
  folder = mkdtempSync(path.join(tmpdir(), 'rgw-'));
  configFile = path.join(this.folder, 'ceph.conf');
  /** @type {ChildProcess[]} */
  processes = [];

  constructor() {
    process.on('exit', () => this.removeFolder());
  }

  /** @returns {Promise<Record<string, string>>} what the tests need to know */
  async start() {
    const [monitorPort = 0, gatewayPort = 0] = await freePorts(2);
    const cluster = randomUUID();
    for (const name of ['mon.a', 'osd.0', 'run', 'log', 'crash']) mkdirSync(path.join(this.folder, name));
    writeFileSync(this.configFile, configuration(this.folder, cluster, monitorPort, gatewayPort));

    const map = path.join(this.folder, 'monmap');
    const monitor = `[v2:127.0.0.1:${monitorPort}]`;
    await this.run('monmaptool', ['--create', '--fsid', cluster, '--addv', 'a', monitor, map]);
    await this.run('ceph-mon', ['-i', 'a', '--mkfs', '--monmap', map, '--keyring', '/dev/null']);
    this.serve('ceph-mon', ['-i', 'a']);
    await this.await('the monitor', () => this.succeeds('ceph', ['mon', 'stat']));

    const osd = randomUUID();
    await this.run('ceph', ['osd', 'new', osd]);
    await this.run('ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', osd]);
    this.serve('ceph-osd', ['-i', '0']);
    await this.await('the OSD', async () => (await this.output('ceph', ['osd', 'stat'])).includes('1 up'));

    this.serve('radosgw', ['-n', 'client.rgw']);
    const endpoint = `http://127.0.0.1:${gatewayPort}`;
    await this.await('the gateway', () => answers(endpoint));
    for (const [name, { accessKey, secret, caps }] of Object.entries(USERS)) {
      const who = [`--tenant=${ACCOUNT}`, `--uid=${name}`, `--display-name=${name}`];
      const keys = [`--access-key=${accessKey}`, `--secret=${secret}`, ...(caps ? [`--caps=${caps}`] : [])];
      await this.run('radosgw-admin', ['user', 'create', ...who, ...keys, '--max-buckets=0']);
    }
    return {
      CEPH_ENDPOINT: endpoint,
      CEPH_ACCOUNT: ACCOUNT,
      CEPH_USERS: JSON.stringify(USERS),
      CEPH_PROCESSES: JSON.stringify(this.processes.map(({ pid }) => pid)),
    };
  }

  async stop() {
    // Nothing in memory is worth a shutdown in order, which takes seconds.
    for (const child of this.processes) child.kill('SIGKILL');
    await Promise.all(this.processes.map(endProcess));
    this.removeFolder();
  }

  removeFolder() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * Starts one of Ceph's servers. `-f`: it stays a child of ours.
   *
   * @param {string} program
   * @param {readonly string[]} args
   */
  serve(program, args) {
    this.processes.push(startBoundProcess(program, ['-c', this.configFile, '-f', ...args], { stdio: 'ignore' }));
  }

  /**
   * @param {string} program
   * @param {readonly string[]} args
   */
  call(program, args) {
    const config = program === 'monmaptool' ? [] : ['-c', this.configFile];
    return runProcess(program, [...config, ...args], { output: 'capture', timeoutMs: START_MS });
  }

  /**
   * @param {string} program
   * @param {readonly string[]} args
   */
  async run(program, args) {
    const { code, stdout, stderr } = await this.call(program, args);
    if (code !== 0) throw new InstallError(`${program} ${args[0]} failed (${code}):\n${stdout}${stderr}`.trimEnd());
  }

  /**
   * @param {string} program
   * @param {readonly string[]} args
   */
  async succeeds(program, args) {
    return (await this.call(program, ['--connect-timeout', '5', ...args])).code === 0;
  }

  /**
   * @param {string} program
   * @param {readonly string[]} args
   */
  async output(program, args) {
    return (await this.call(program, ['--connect-timeout', '5', ...args])).stdout;
  }

  /**
   * @param {string} what
   * @param {() => Promise<boolean>} isUp
   */
  async await(what, isUp) {
    const end = Date.now() + START_MS;
    while (!(await isUp())) {
      const dead = this.processes.find(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null);
      if (dead || Date.now() > end) {
        throw new InstallError(`${what} did not come up${dead ? ': it ended' : ''}.\n${this.lastMessages()}`);
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  lastMessages() {
    return ['mon.a', 'osd.0', 'client.rgw']
      .map(name => `${name}: ${tail(path.join(this.folder, 'log', `${name}.log`))}`)
      .join('\n');
  }
}

/** @param {string} file */
function tail(file) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-3).join('\n');
  } catch {
    return 'no log';
  }
}

/** @param {string} endpoint */
async function answers(endpoint) {
  try {
    const answer = await fetch(endpoint, { signal: AbortSignal.timeout(2000) });
    await answer.arrayBuffer();
    return answer.status < 500;
  } catch {
    return false;
  }
}

/**
 * @param {string} folder
 * @param {string} cluster
 * @param {number} monitorPort
 * @param {number} gatewayPort
 */
function configuration(folder, cluster, monitorPort, gatewayPort) {
  return `
[global]
fsid = ${cluster}
mon_host = v2:127.0.0.1:${monitorPort}/0
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
public_network = 127.0.0.0/8
ms_bind_ipv6 = false
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
# The gateway wants an encrypted connection to the monitor unless told otherwise, and without keys there is none: it would wait for ever.
ms_mon_client_mode = crc
run_dir = ${folder}/run
admin_socket = ${folder}/run/$name.$pid.sock
pid_file = ${folder}/run/$name.pid
log_file = ${folder}/log/$name.log
crash_dir = ${folder}/crash
log_to_stderr = false
err_to_stderr = false
# One copy of everything, on the one OSD there is.
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
[mon]
mon_data = ${folder}/mon.a
mon_cluster_log_file = ${folder}/log/cluster.log
# A full disk of the machine is no reason to refuse.
mon_data_avail_crit = 1
mon_data_avail_warn = 2
# A monitor alone need not wait for others: ready in 3 s instead of 13.
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
mon_tick_interval = 1
[osd]
osd_data = ${folder}/osd.0
osd_objectstore = memstore
memstore_device_bytes = 4294967296
[client.rgw]
rgw_frontends = beast endpoint=127.0.0.1:${gatewayPort}
rgw_data = ${folder}/run
rgw_enable_apis = s3, admin, sts, iam
rgw_s3_auth_use_sts = true
rgw_sts_key = abcdefghijklmnop
# So that a session can be seen to run out.
rgw_sts_min_session_duration = 1
# The other way round a wrong secret would read AccessDenied.
rgw_s3_auth_order = local, sts
rgw_crypt_require_ssl = false
rgw_run_sync_thread = false
`;
}
