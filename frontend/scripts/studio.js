/** The pages that record: loaded only there. */
import * as take from "./studio/take.js";

take.start();
