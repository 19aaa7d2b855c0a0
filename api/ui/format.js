// Times and durations as people read them.

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export function moment(text) {
  return text ? MOMENT.format(new Date(text)) : "";
}

export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return "";
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How long something has taken, or takes so far. */
export function elapsed(thing) {
  if (thing.duration_ms !== null && thing.duration_ms !== undefined) return thing.duration_ms;
  return thing.started_at && !thing.completed_at ? Math.max(0, Date.now() - Date.parse(thing.started_at)) : null;
}
