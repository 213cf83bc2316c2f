// The functions that FunctionsFrameworkTest calls, as Google's framework runs them.
const functions = require('@google-cloud/functions-framework');

functions.cloudEvent('event', (event) => {
  if (event.type === 'fail') {
    throw new Error('no more of it');
  }
  // The framework leaves the headers of binary mode percent-encoded. What is thrown here fails the test.
  const subject = event.type === 'order.structured' ? event.subject : decodeURIComponent(event.subject);
  const isWhole = event.id === 'e1' && subject === 'orders/ä 1' && event.specversion === '1.0';
  if (!isWhole || event.data.total !== 42) {
    throw new Error('not the event: ' + JSON.stringify(event));
  }
});

functions.http('http', (request, response) => {
  if (request.get('ce-type') === 'fail') {
    response.status(409).send('no stock');
    return;
  }
  response.json({
    id: request.get('ce-id'),
    authorization: request.get('authorization'),
    body: request.body,
  });
});
