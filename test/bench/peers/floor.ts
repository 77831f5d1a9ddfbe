import { createServer } from 'node:http';
import { port } from './settings.ts';

// The floor: a fixed answer, without GraphQL, tokens or a look at the body.
const answer = '{"data":{"me":{"id":"7","name":"Grace Hopper","email":"grace@example.com"}}}';
createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end(answer);
  });
}).listen(port, '127.0.0.1');
