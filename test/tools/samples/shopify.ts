import type { Samples } from './sample.ts';

/** The schema of Shopify's storefronts. */
export const shopify: Samples = {
  'QueryRoot.pages': { field: 'repo', returned: 'read:audit | read:org' },
  'QueryRoot.products': { field: 'user:email', returned: 'public_repo | gist' },
  'Mutation.customerActivateByUrl': { field: 'gist | repo', returned: 'project | public_repo' },
  'Mutation.cartSubmitForCompletion': { field: 'read:user | workflow', returned: 'public_repo | public_repo' },
  'Mutation.customerResetByUrl': { field: 'read:audit', returned: 'repo | workflow' },
  'ProductVariantComponentConnection.edges': {
    field: 'public_repo | read:audit',
    type: 'read:user | user:email',
    returned: 'user:email | read:user',
  },
  'SellingPlanCheckoutCharge.value': {}, // No member of the union has a rule.
  'Metafield.parentResource': { field: 'user:email' }, // Of the members, only `Cart` has a rule.
  'ProductOptionValueSwatch.image': {}, // Of the types of `Media`, only `Video` has a rule.
  'SellingPlan.billingPolicy': {},
  'MetafieldReferenceConnection.nodes': {},
  'Shop.metafields': { interfaceField: 'public_repo | project' }, // HasMetafields.metafields
  'Location.metafields': { interfaceField: 'public_repo | project' },
  'Product.metafields': { interfaceField: 'public_repo | project' },
  'Model3d.previewImage': { interfaceField: 'workflow' }, // Media.previewImage
  'SubmitThrottled.pollAfter': { field: 'read:user', type: 'project | read:audit' },
  'CartSelectedDeliveryOptionsUpdatePayload.cart': { field: 'user:email', returned: 'read:audit | workflow' },
  'ProductConnection.pageInfo': { field: 'public_repo | read:audit', type: 'public_repo | gist' },
  'CartDeliveryAddress.address1': { field: 'public_repo | gist', type: 'read:user | read:user' },
  'SellingPlanGroupConnection.pageInfo': { field: 'workflow', type: 'read:audit | gist' },
  'Cart.note': { field: 'user:email', type: 'read:audit | workflow' },
  'Cart.totalQuantity': { field: 'repo', type: 'read:audit | workflow' },
  'ArticleAuthor.bio': { field: 'gist' },
  'ArticleAuthor.firstName': { field: 'project' },
  'Metaobject.fields': { field: 'project' },
  'ShopPayPaymentRequest.totalTax': { field: 'workflow' },
  'SitemapResource.updatedAt': { field: 'read:org' },
  'Country.name': { field: 'read:user | read:user' },
  'MetafieldDeleteUserError.message': {},
  'CommentConnection.pageInfo': {},
};
