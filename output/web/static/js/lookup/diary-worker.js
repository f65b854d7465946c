/** The worker that reads a diary, apart, so that one that cannot be finished with can be ended. */

import { DiaryError, read } from "./diary.js";

addEventListener("message", ({ data: { name, text, constants, today } }) => {
  try {
    postMessage({ entries: read(name, text, constants, today) });
  } catch (error) {
    postMessage(error instanceof DiaryError ? { reason: error.reason, line: error.line } : { reason: "calendar", line: null });
  }
});
