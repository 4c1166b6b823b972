// The requests of the vendor's script for one flag (splitapiclient 3.5.9), in its order and one at a time: it looks
// for names by reading lists to their end, 20 definitions a page, and then updates the target.
const { 'INPUT_API-URL': api = '', 'INPUT_API-KEY': key = '', INPUT_FLAGS: flag = '' } = process.env;

/** @param {string} path @param {{ method?: string, body?: string }} [options] @returns {Promise<any>} */
async function ask(path, options = {}) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${api}${path}`, { headers, ...options });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Every object of a list, page after page. @param {string} path */
async function all(path) {
  const found = [];
  for (;;) {
    const { objects, totalCount } = await ask(`${path}?limit=20&offset=${found.length}`);
    found.push(...objects);
    if (objects.length === 0 || found.length >= totalCount) return found;
  }
}

/** @param {string} environment the name of one of workspace Default's */
async function find(environment) {
  const workspace = (await all('/workspaces')).find(({ name }) => name === 'Default');
  const environments = await ask(`/environments/ws/${workspace.id}`);
  const { id } = environments.find((/** @type {{ name: string }} */ { name }) => name === environment);
  const definitions = await all(`/splits/ws/${workspace.id}/environments/${id}`);
  const definition = definitions.find(({ name }) => name === flag);
  return { definition, path: `/splits/ws/${workspace.id}/${flag}/environments/${id}` };
}

const source = await find('Production');
const target = await find('Staging');
const { treatments, defaultTreatment, baselineTreatment, rules, defaultRule } = source.definition;
await ask(target.path, {
  method: 'PUT',
  body: JSON.stringify({ treatments, defaultTreatment, baselineTreatment, rules, defaultRule }),
});
