// What the bundle takes of undici: its index loads all of it, mocks and WebSockets included, at every start.
const Dispatcher = require('../node_modules/undici/lib/dispatcher/dispatcher');

Object.assign(Dispatcher.prototype, require('../node_modules/undici/lib/api'));

module.exports = {
  Agent: require('../node_modules/undici/lib/dispatcher/agent'),
  EnvHttpProxyAgent: require('../node_modules/undici/lib/dispatcher/env-http-proxy-agent'),
  ProxyAgent: require('../node_modules/undici/lib/dispatcher/proxy-agent'),
  // For @actions/github, which is loaded only where a comment is to be left: so is this.
  get fetch() {
    return require('../node_modules/undici/lib/web/fetch').fetch;
  },
};
