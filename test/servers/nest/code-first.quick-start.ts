import 'reflect-metadata';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Field, GraphQLModule, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';

@ObjectType()
class Order {
  @Field(() => ID)
  id!: string;

  @Field()
  item!: string;

  @Field({ nullable: true })
  customer?: string;
}

const orders: Order[] = [
  { id: '1', item: 'Lamp', customer: 'Grace' },
  { id: '2', item: 'Desk', customer: 'Alan' },
];

@Resolver(() => Order)
class OrdersResolver {
  @Query(() => String)
  hello() {
    return 'hello';
  }

  @Query(() => [Order])
  orders() {
    return orders;
  }

  @Mutation(() => Boolean)
  cancelOrders() {
    return orders.splice(0).length > 0;
  }
}

@Module({
  imports: [
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
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
