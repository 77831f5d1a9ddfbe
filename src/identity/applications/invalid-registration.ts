import { ClaimgateError } from '../../errors.ts';
import type { RegistrationRequest } from './application.ts';

/** A member of a registration, or of a change of an application, that is not allowed. */
export class InvalidRegistration extends ClaimgateError {
  /** The member of the request that is wrong. */
  readonly member: keyof RegistrationRequest;
  /** What was expected of it. */
  readonly fault: string;

  /** @param index which item of the member is wrong, if the member is a list */
  constructor(member: keyof RegistrationRequest, fault: string, index?: number) {
    const place = index === undefined ? '' : `[${index}]`;
    super('BAD_USER_INPUT', `input.${member}${place}: ${fault}.`);
    this.member = member;
    this.fault = fault;
  }
}
