import 'reflect-metadata';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Directive, Field, GraphQLModule, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { nestOptions } from 'claimgate/apollo';

@ObjectType()
class Order {
  @Field(() => ID)
  id!: string;

  @Field()
  item!: string;

  @Directive('@auth(scope: "customers:read")')
  @Field({ nullable: true })
  customer?: string;
}

const orders: Order[] = [
  { id: '1', item: 'Lamp', customer: 'Grace' },
  { id: '2', item: 'Desk', customer: 'Alan' },
];

@Resolver(() => Order)
class OrdersResolver {
  @Directive('@public')
  @Query(() => String)
  hello() {
    return 'hello';
  }

  @Directive('@auth(scope: "orders:read")')
  @Query(() => [Order])
  orders() {
    return orders;
  }

  @Directive('@auth(scope: "orders:cancel")')
  @Mutation(() => Boolean)
  cancelOrders() {
    return orders.splice(0).length > 0;
  }
}

const issuers = [{ issuer: process.env.ISSUER ?? 'https://login.example.com', algorithms: ['ES256'] }];

@Module({
  imports: [
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      ...nestOptions({ url: 'https://api.example.com/graphql', issuers }),
      autoSchemaFile: true,
    }),
  ],
  providers: [OrdersResolver],
})
class AppModule {}

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(Number(process.env.PORT ?? 4000), '127.0.0.1');
}
void bootstrap();
