"use strict";

module.exports.greet = async (event) => ({ greeting: `Hello, ${event.name}` });

module.exports.fail = async () => {
  throw new Error("no more of it");
};
