/* Matomo's shop parameters: the order or cart of an idgoal=0, and the product that a page is about. */
#include "base/limits.h"
#include "base/utf8.h"
#include "room/collect/matomo.h"

static void
put(struct ff_propset *props, const char *key, const struct ff_pairs *pairs, const char *name)
{
	ff_propset_put(props, ff_str_from(key), ff_matomo_get(pairs, name));
}

/* With an order's id it is a sale; without, the cart as it stands, which is no revenue yet. */
void
ff_matomo_order(const struct ff_pairs *pairs, struct ff_str currency, struct ff_propset *props, struct ff_event *event)
{
	bool sold = ff_matomo_get(pairs, "ec_id").len > 0;

	event->kind = FF_KIND_EVENT;
	event->name = sold ? FF_STR("Purchase") : FF_STR("Cart Update");
	if (sold)
		ff_reading_revenue(event, ff_pairs_find(pairs, "revenue"), currency);
	else
		put(props, "cart_value", pairs, "revenue");
	put(props, "order_id", pairs, "ec_id");
	put(props, "subtotal", pairs, "ec_st");
	put(props, "tax", pairs, "ec_tx");
	put(props, "shipping", pairs, "ec_sh");
	put(props, "discount", pairs, "ec_dt");
	put(props, "items", pairs, "ec_items");
}

void
ff_matomo_product(const struct ff_pairs *pairs, struct ff_propset *props, struct ff_event *event)
{
	struct ff_str sku = ff_matomo_get(pairs, "_pks");

	put(props, "product_price", pairs, "_pkp");
	put(props, "product_category", pairs, "_pkc");
	if (sku.len == 0)
		return;
	event->item.kind = FF_STR("product");
	event->item.key = ff_utf8_cut(sku, FF_ITEM_KEY_MAX);
	event->item.title = ff_utf8_cut(ff_matomo_get(pairs, "_pkn"), FF_ITEM_TITLE_MAX);
}
