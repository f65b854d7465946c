/** How likely two people met, from the gatherings that both were at, as output/encounter.py counts. */

/** How likely somebody who was at an event met `person` there, up to a common factor. */
export function weight(constants, event, person) {
  const role = event.people.get(person);
  let size = event.people.size + (role === "attendee" ? 0 : 1);
  size = Math.min(Math.max(2, size), constants.ROLE_SIZE[role] ?? size);
  return (event.online ? constants.ONLINE : 1) / (Math.max(2, size) - 1);
}

/** What is shared with each person altogether, of [person, day, amount]. */
export function shared(constants, amounts) {
  const people = new Map();
  for (const [person, day, amount] of amounts) {
    let days = people.get(person);
    if (!days) people.set(person, (days = new Map()));
    days.set(day, (days.get(day) ?? 0) + amount);
  }
  for (const [person, days] of people) {
    let sum = 0;
    for (const amount of days.values()) sum += amount ** constants.ONE_DAY;
    people.set(person, sum);
  }
  return people;
}

/** Scores of the people whom one may have met, with one step on: those whom they have most in common with. */
export function encounters(constants, direct, around) {
  const total = new Map();
  for (const person of direct.keys()) {
    const others = around.get(person);
    if (others) total.set(person, [...others.values()].reduce((sum, amount) => sum + amount, 0));
  }
  const found = new Map(direct);
  for (const [person, amount] of direct) {
    if (!total.get(person)) continue;
    const share = (constants.STEP * amount) / total.get(person);
    for (const [other, together] of around.get(person)) found.set(other, (found.get(other) ?? 0) + share * together);
  }
  for (const [person, amount] of found) {
    found.set(person, amount / Math.max(total.get(person) ?? 0, 1) ** constants.EVERYWHERE);
  }
  return found;
}
