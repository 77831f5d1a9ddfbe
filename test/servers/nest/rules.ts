// Makes a schema in code with rules in `@Directive`, or in `@Extensions`, at all places of a schema. It prints the rules
// that Claimgate found as one line of JSON, or the fault with which the application does not start.
import 'reflect-metadata';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Args,
  ArgsType,
  Directive,
  Extensions,
  Field,
  GraphQLModule,
  InputType,
  InterfaceType,
  Mutation,
  ObjectType,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { nestOptions } from 'claimgate/apollo';

const isDirective = process.argv[2] === 'directives';

function Rule(scope: string): ClassDecorator & PropertyDecorator & MethodDecorator {
  return isDirective
    ? (Directive(`@auth(scope: "${scope}")`) as ReturnType<typeof Rule>)
    : Extensions({ auth: { scope: [scope] } });
}

const Public = () => (isDirective ? Directive('@public') : Extensions({ public: true }));

@Rule('interface')
@InterfaceType()
abstract class Named {
  @Field()
  name!: string;
}

@Rule('order')
@ObjectType({ implements: () => [Named] })
class Order implements Named {
  @Field()
  name!: string;

  @Rule('customer')
  @Field({ nullable: true })
  customer?: string;

  @Field({ nullable: true })
  note?: string;
}

@Rule('base')
@ObjectType({ isAbstract: true })
abstract class Base {
  @Rule('based')
  @Field({ nullable: true })
  based?: string;
}

@ObjectType()
class Derived extends Base {}

@ArgsType()
class OrderArguments {
  @Rule('drafts')
  @Field({ nullable: true })
  includeDrafts?: boolean;
}

@InputType()
class Change {
  @Rule('input')
  @Field({ nullable: true })
  secret?: string;
}

@Resolver(() => Order)
class OrdersResolver {
  @Rule('orders')
  @Query(() => [Order])
  orders(@Args() _args: OrderArguments) {
    return [];
  }

  @Public()
  @Query(() => Derived, { nullable: true })
  derived() {
    return null;
  }

  @Rule('change')
  @Mutation(() => Boolean)
  change(@Args('input') _input: Change) {
    return true;
  }

  @Rule('note')
  @ResolveField(() => String, { nullable: true })
  note() {
    return null;
  }

  @Rule('added')
  @ResolveField(() => String, { nullable: true })
  added() {
    return null;
  }
}

let found: readonly string[] = [];
const options = nestOptions({
  url: 'https://api.example.com/graphql',
  issuers: [{ issuer: 'https://login.example.com', algorithms: ['ES256'] }],
  prepare: (_schema, rules) => {
    found = rules.map(({ coordinate, requirement }) => `${coordinate} ${requirement.scope.join()}`);
  },
});

@Module({
  imports: [GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, ...options, autoSchemaFile: true })],
  providers: [OrdersResolver],
})
class AppModule {}

async function start() {
  const app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
  await app.init();
  await app.close();
}
start()
  .catch((error: Error & { faults?: readonly string[] }) => (found = error.faults ?? [error.message]))
  .then(() => process.stdout.write(`\n${JSON.stringify(found)}\n`));
