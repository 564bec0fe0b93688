import type http from 'node:http';
import type https from 'node:https';
import type net from 'node:net';
import { Agent, type AgentConnectOpts } from 'agent-base';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { CONNECT_TIMEOUT, networkError, type ProxyAgents, type ProxyOptions } from './transport';

/** The code of an error for which a proxy is to blame, or the way to it. */
const PROXY_ERROR = 'ERR_PROXY';

/**
 * Agents that pass a proxy where one is named for the host, and reach it directly otherwise. `node:http` has none before
 * Node.js 24. In a bundle of its own: the editor applies its proxies itself.
 */
export function createProxyAgents({ proxyFor, direct, agentOptions }: ProxyOptions): ProxyAgents {
  const opened = new Map<string, http.Agent>();

  function choose({ host = '', port, secureEndpoint }: AgentConnectOpts): http.Agent {
    const proxy = proxyFor({ isTls: secureEndpoint, hostname: host, port });
    if (proxy === undefined) return secureEndpoint ? direct.httpsAgent : direct.httpAgent;
    const key = `${secureEndpoint} ${proxy}`;
    const agent =
      opened.get(key) ??
      (secureEndpoint ? new TunnelAgent(proxy, agentOptions) : new ForwardAgent(proxy, agentOptions));
    opened.set(key, agent);
    return agent;
  }

  return {
    httpAgent: new ChoosingAgent(false, choose, agentOptions),
    httpsAgent: new ChoosingAgent(true, choose, agentOptions) as unknown as https.Agent,
    destroy: () => {
      for (const agent of opened.values()) agent.destroy();
    },
  };
}

/** Hands each request to the agent that its host needs. */
class ChoosingAgent extends Agent {
  constructor(
    isTls: boolean,
    private readonly choose: (options: AgentConnectOpts) => http.Agent,
    { ca }: https.AgentOptions,
  ) {
    // Said here, so that nobody has to read it off the call stack. Sockets are the chosen agent's to count.
    super({ ca, secureEndpoint: isTls, maxSockets: Number.POSITIVE_INFINITY } as http.AgentOptions);
    this.protocol = isTls ? 'https:' : 'http:';
  }

  connect(_: http.ClientRequest, options: AgentConnectOpts): Promise<http.Agent> {
    return Promise.resolve(this.choose(options));
  }
}

/** For https: a tunnel through the proxy. */
class TunnelAgent extends HttpsProxyAgent<string> {
  override async connect(request: http.ClientRequest, options: AgentConnectOpts): Promise<net.Socket> {
    let status = 200;
    request.once('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      status = statusCode;
    });
    const socket = await inTime(super.connect(request, options));
    if (status === 200) return socket;
    // The library would pass the proxy's answer off as the server's, whose 403 means something else.
    socket.destroy();
    throw networkError(PROXY_ERROR, `HTTP ${status}`);
  }
}

/** For http: the proxy gets the whole address. */
class ForwardAgent extends HttpProxyAgent<string> {
  override connect(...[request, options]: Parameters<HttpProxyAgent<string>['connect']>): Promise<net.Socket> {
    return inTime(super.connect(request, options));
  }
}

/** A connection to a proxy, or why there is none, in words that hold no address: that may have a password in it. */
async function inTime(connecting: Promise<net.Socket>): Promise<net.Socket> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(networkError('ETIMEDOUT', '')), CONNECT_TIMEOUT);
  });
  try {
    return await Promise.race([connecting, late]);
  } catch (error) {
    connecting.then(
      socket => socket.destroy(),
      () => undefined,
    );
    throw networkError(PROXY_ERROR, (error as NodeJS.ErrnoException).code ?? (error as Error).name);
  } finally {
    clearTimeout(timer);
  }
}
