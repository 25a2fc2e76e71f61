/** The pages that record: loaded only there. */
import * as bank from "./studio/bank.js";
import * as take from "./studio/take.js";

take.start();
bank.start();
