import 'reflect-metadata';
import { join } from 'node:path';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule, Mutation, Query, Resolver } from '@nestjs/graphql';

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

@Module({
  imports: [
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      typePaths: [join(__dirname, 'orders.quick-start.graphql')],
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
