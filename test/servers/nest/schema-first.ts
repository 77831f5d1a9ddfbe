import 'reflect-metadata';
import { join } from 'node:path';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule, Mutation, Query, Resolver } from '@nestjs/graphql';
import { nestOptions } from 'claimgate/apollo';

const orders = [
  { id: '1', item: 'Lamp', customer: 'Grace' },
  { id: '2', item: 'Desk', customer: 'Alan' },
];

@Resolver('Order')
class OrdersResolver {
  @Query('hello')
  hello() {
    return 'hello';
  }

  @Query('orders')
  orders() {
    return orders;
  }

  @Mutation('cancelOrders')
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
      typePaths: [join(__dirname, 'orders.graphql')],
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
