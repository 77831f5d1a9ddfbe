export { authDirectives as default } from 'claimgate';
