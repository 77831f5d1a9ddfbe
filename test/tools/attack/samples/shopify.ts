import type { Sample } from './sample.ts';

/** Elements of the schema of Shopify's storefronts, checked by hand in its SDL. */
export const shopifySamples: readonly Sample[] = [
  {
    coordinate: 'SellingPlan.id',
    scopes: ['repo', 'public_repo'],
    places: [
      'node(id)<CartLine>.sellingPlanAllocation.sellingPlan.id',
      'blog.metafield(key).parentResource<SellingPlan>.id',
      'customerActivate(id input).customer.metafield(key).parentResource<SellingPlan>.id',
    ],
  },
  {
    coordinate: 'CartBuyerIdentity.deliveryAddressPreferences',
    scopes: ['read:audit'],
    places: [
      'cart(id).buyerIdentity.deliveryAddressPreferences',
      'cartCreate.cart.buyerIdentity.deliveryAddressPreferences',
    ],
  },
  {
    coordinate: 'CustomerResetByUrlPayload.customerUserErrors',
    scopes: ['read:audit', 'user:email'],
    places: ['customerResetByUrl(password resetUrl).customerUserErrors'],
  },
  {
    coordinate: 'Metaobject.id',
    scopes: ['user:email', 'workflow'],
    places: [
      'metaobject.id',
      'menu(handle).items.resource<Metaobject>.id',
      'blog.metafield(key).reference<Metaobject>.id',
    ],
  },
  {
    coordinate: 'ArticleConnection.edges',
    scopes: ['read:user', 'public_repo'],
    places: [
      'articles.edges',
      'customerActivate(id input).customer.metafield(key).reference<Article>.blog.articles.edges',
    ],
  },
  {
    coordinate: 'Cart.note',
    scopes: ['user:email'],
    places: ['cart(id).note', 'blog.metafield(key).parentResource<Cart>.note', 'node(id)<Cart>.note'],
  },
  {
    coordinate: 'ProductVariant.metafield(key:)',
    scopes: ['workflow'],
    places: [
      'product.adjacentVariants.metafield(key)',
      'node(id)<CartLine>.merchandise<ProductVariant>.metafield(key)',
    ],
  },
  {
    coordinate: 'Fulfillment.fulfillmentLineItems(last:)',
    scopes: ['user:email'],
    places: [
      'node(id)<Order>.successfulFulfillments.fulfillmentLineItems(last)',
      'customerActivate(id input).customer.orders.nodes.successfulFulfillments.fulfillmentLineItems(last)',
    ],
    inputs: ['null', 'without'],
  },
  {
    coordinate: 'Image.transformedSrc(crop:)',
    scopes: ['read:org'],
    places: [
      'collection.image.transformedSrc(crop)',
      'customerActivate(id input).customer.metafield(key).reference<Article>.image.transformedSrc(crop)',
    ],
    inputs: ['null', 'without'],
  },
  {
    coordinate: 'CurrencyCode.SSP',
    scopes: ['read:user', 'project'],
    places: [
      'shopPayPaymentRequestSessionCreate(sourceIdentifier paymentRequest)',
      'shopPayPaymentRequestSessionSubmit(idempotencyKey token paymentRequest)',
      'cartPaymentUpdate(cartId payment)',
    ],
  },
  {
    coordinate: 'CountryCode.SO',
    scopes: ['user:email'],
    places: [
      'cartBuyerIdentityUpdate(cartId buyerIdentity)',
      'cartCreate(input)',
      'cartDeliveryAddressesAdd(cartId addresses)',
    ],
    inputs: ['list', 'without'],
  },
  {
    coordinate: 'BaseCartLine.cost',
    scopes: ['workflow', 'gist'],
    places: [
      'node(id)<CartLine>.cost',
      'node(id)<ComponentizableCartLine>.lineComponents.cost',
      'cart(id).lines.edges.node<CartLine>.cost',
    ],
  },
  {
    coordinate: 'HasMetafields.metafields',
    scopes: ['public_repo', 'project'],
    places: [
      'article(id).metafields(identifiers)',
      'menu(handle).items.resource<Article>.metafields(identifiers)',
      'blog.metafield(key).parentResource<Article>.metafields(identifiers)',
    ],
  },
  {
    coordinate: 'Media.previewImage',
    scopes: ['workflow'],
    places: [
      'node(id)<ExternalVideo>.previewImage',
      'product.media.nodes<ExternalVideo>.previewImage',
      'customerActivate(id input).customer.metafield(key).reference<Product>.media.nodes<ExternalVideo>.previewImage',
    ],
  },
  {
    coordinate: 'CartPrepareForCompletionPayload',
    scopes: ['read:org', 'public_repo'],
    places: ['cartPrepareForCompletion(cartId)'],
  },
  {
    coordinate: 'CompletePaymentChallenge',
    scopes: ['repo', 'workflow'],
    places: [
      'cartCompletionAttempt(attemptId)<CartCompletionActionRequired>.action<CompletePaymentChallenge>',
      'cartCompletionAttempt(attemptId)<CartCompletionActionRequired>.action',
    ],
    isMember: true,
  },
  {
    coordinate: 'ProductVariantComponentEdge',
    scopes: ['user:email', 'read:user'],
    places: [
      'product.adjacentVariants.components.edges',
      'customerActivate(id input).customer.metafield(key).reference<ProductVariant>.components.edges',
    ],
  },
  {
    coordinate: 'SubmitThrottled',
    scopes: ['project', 'read:audit'],
    places: [
      'cartSubmitForCompletion(attemptToken cartId).result<SubmitThrottled>',
      'cartSubmitForCompletion(attemptToken cartId).result',
    ],
    isMember: true,
  },
  {
    coordinate: 'CartDeliveryPreferenceInput.pickupHandle',
    scopes: ['user:email'],
    places: ['cartBuyerIdentityUpdate(cartId buyerIdentity)', 'cartCreate(input)'],
    inputs: ['list', 'null', 'without'],
  },
  {
    coordinate: 'CartSelectedDeliveryOptionInput.deliveryGroupId',
    scopes: ['repo', 'read:org'],
    places: ['cartSelectedDeliveryOptionsUpdate(cartId selectedDeliveryOptions)'],
    inputs: ['list'],
  },
  {
    coordinate: 'CartInput.discountCodes',
    scopes: ['read:audit', 'read:user'],
    places: ['cartCreate(input)'],
    inputs: ['list', 'null', 'without'],
  },
  {
    coordinate: 'Mutation.cartBillingAddressUpdate',
    scopes: ['read:audit'],
    places: ['cartBillingAddressUpdate(cartId)'],
  },
  {
    coordinate: 'Mutation.cartDeliveryAddressesAdd',
    scopes: ['user:email'],
    places: ['cartDeliveryAddressesAdd(addresses cartId)'],
  },
  {
    coordinate: 'Mutation.customerAccessTokenRenew',
    scopes: ['public_repo', 'gist'],
    places: ['customerAccessTokenRenew(customerAccessToken)'],
  },
  { coordinate: 'QueryRoot.blog', scopes: ['repo'], places: ['blog'] },
  { coordinate: 'QueryRoot.pageByHandle', scopes: ['gist', 'read:audit'], places: ['pageByHandle(handle)'] },
  { coordinate: 'QueryRoot.publicApiVersions', scopes: ['workflow'], places: ['publicApiVersions'] },
  {
    coordinate: 'Order.id',
    scopes: ['project'],
    places: [
      'node(id)<Order>.id',
      'customer(customerAccessToken).orders.nodes.id',
      'blog.metafield(key).parentResource<Order>.id',
    ],
  },
  { coordinate: 'QueryRoot.search', scopes: ['workflow'], places: ['search(query)'] },
  { coordinate: 'QueryRoot.node', scopes: ['workflow'], places: ['node(id)'] },
];
