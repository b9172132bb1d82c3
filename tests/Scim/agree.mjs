// Asks the server and three libraries of others the same: filters (scim2-parse-filter), patches (scim-patch), shapes and schemas (SCIMMY). Prints what differs.
import { parse, filter } from "scim2-parse-filter";
import { scimPatch } from "scim-patch";
import SCIMMY from "scimmy";

const [site, key] = process.argv.slice(2);
const differ = [];
const call = async (method, path, body, headers = {}) => {
  const answer = await fetch(site + "/scim/v2" + path, { method, body: body && JSON.stringify(body), headers: { authorization: `Bearer ${key}`, "content-type": "application/scim+json", ...headers } });
  const text = await answer.text();
  return { status: answer.status, tag: answer.headers.get("etag"), body: text ? JSON.parse(text) : null };
};
const core = "urn:ietf:params:scim:schemas:core:2.0:User", enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const people = ["Aadil Bhat", "Meena Sharma", "Zahoor Lone", "Usha Gupta", "Rakesh Chib", "Haseena Dar", "Kuldeep Singh", "Tariq Wani"];
for (const [i, name] of people.entries()) {
  const [givenName, familyName] = name.split(" ");
  const made = await call("POST", "/Users", {
    schemas: [core, enterprise], userName: `${givenName}.${familyName}@jk.example`.toLowerCase(), externalId: `E-${100 + i}`, displayName: name, name: { givenName, familyName }, active: i % 4 !== 3,
    ...(i % 2 ? { title: i % 3 ? "Tehsildar" : "Naib Tehsildar" } : {}),
    emails: [{ value: `${givenName}@jk.example`, type: "work", primary: true }, ...(i % 3 ? [] : [{ value: `${givenName}@home.example`, type: "home" }])],
    [enterprise]: { employeeNumber: `${4000 + i}`, department: i < 4 ? "Revenue" : "Health" },
  });
  if (made.status !== 201) differ.push(["create", made]);
}

// Filters: those of RFC 7644, 3.4.2.2 and what provisioners ask.
const all = (await call("GET", "/Users?count=500")).body.Resources;
const filters = [
  'userName eq "aadil.bhat@jk.example"', 'userName eq "AADIL.BHAT@JK.EXAMPLE"', 'name.familyName co "ha"', 'userName sw "m"', `${core}:userName sw "z"`, 'title pr', 'not (title pr)', 'title pr and active eq true', 'title pr or name.givenName eq "Usha"',
  'active eq false', 'title eq "Tehsildar" and (emails co "jk.example" or emails.value co "home.example")', 'emails[type eq "home" and value co "@home.example"]', 'emails[type eq "home"]', 'not (emails[type eq "home"])', 'emails.type eq "home"',
  'userName gt "m"', 'userName le "meena.sharma@jk.example"', 'name.givenName ew "a"', 'externalId eq "E-103"', 'title eq "x" or title eq "Naib Tehsildar" and active eq true', '(title eq "x" or title eq "Naib Tehsildar") and active eq true', 'name.givenName ne "Usha" and title pr',
];
for (const text of filters) {
  const own = await call("GET", `/Users?count=500&filter=${encodeURIComponent(text)}`);
  // It knows neither the long form of a name nor that a complex value is compared by its "value".
  const theirs = all.filter(filter(parse(text.replace(core + ":", "").replace("emails co", "emails.value co"))));
  // The other library compares names with regard to case; the RFC says that these are not case exact.
  const names = text === filters[1] ? ["aadil.bhat@jk.example"] : theirs.map(u => u.userName);
  if (JSON.stringify(own.body.Resources?.map(u => u.userName).sort()) !== JSON.stringify(names.sort())) differ.push(["filter", text, own.body.Resources?.map(u => u.userName) ?? own.body, names]);
}

// Patches: each on a user of its own.
const patches = [
  [{ op: "replace", path: "displayName", value: "Another" }], [{ op: "add", path: "title", value: "Clerk" }], [{ op: "remove", path: "title" }], [{ op: "replace", path: "name.familyName", value: "Khan" }],
  [{ op: "add", value: { title: "Patwari", displayName: "Patwari Chib" } }], [{ op: "replace", path: 'emails[type eq "work"].value', value: "new@jk.example" }], [{ op: "add", path: "emails", value: [{ value: "third@jk.example", type: "other" }] }],
  [{ op: "remove", path: 'emails[type eq "work"]' }, { op: "replace", path: "active", value: false }],
];
for (const [i, Operations] of patches.entries()) {
  const before = (await call("GET", `/Users/${all.find(u => u.userName.startsWith(people[i].split(" ")[0].toLowerCase())).id}`)).body;
  const own = await call("PATCH", `/Users/${before.id}`, { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations });
  const theirs = scimPatch(structuredClone(before), structuredClone(Operations));
  const plain = ({ meta, schemas, ...rest }) => JSON.stringify(rest, Object.keys(flat(rest)).sort());
  if (own.status !== 200 || plain(own.body) !== plain(theirs)) differ.push(["patch", Operations, own.body, theirs]);
}
function flat(o, seen = {}) { for (const [k, v] of Object.entries(o)) { seen[k] = 1; if (v && typeof v === "object") flat(v, seen); } return seen; }

// Shapes: what is returned is read by another implementation's schemas, and it finds the list well formed.
SCIMMY.Schemas.User.extend(SCIMMY.Schemas.EnterpriseUser);
for (const user of (await call("GET", "/Users?count=500")).body.Resources) try { new SCIMMY.Schemas.User(user, "out"); } catch (e) { differ.push(["shape", user, e.message]); }
const list = (await call("GET", "/Users?count=3")).body;
const read = new SCIMMY.Messages.ListResponse(list);
if (read.totalResults !== list.totalResults || read.Resources.length !== 3 || read.startIndex !== 1) differ.push(["list", list]);
for (const schema of (await call("GET", "/Schemas")).body.Resources) try {
  const known = { [core]: SCIMMY.Schemas.User, [enterprise]: SCIMMY.Schemas.EnterpriseUser }[schema.id]?.definition.describe() ?? SCIMMY.Schemas.Group.definition.describe();
  for (const attribute of schema.attributes) {
    const theirs = known.attributes.find(a => a.name === attribute.name);
    if (!theirs || theirs.type !== attribute.type) differ.push(["schema", attribute.name, attribute, theirs]);
  }
} catch (e) { differ.push(["schema", schema.id, e.message]); }
console.log(JSON.stringify({ differ, filters: filters.length, patches: patches.length, users: all.length }));
