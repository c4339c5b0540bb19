import type { Question } from './two-ways.js';

/** Statements as an analyst writes them over the star schema of star.ts; none calls a model. */
export const ANALYSES: Readonly<Record<string, Question>> = {
  'revenue by city, category and quarter: a join of five tables': {
    sql: `SELECT st.city, p.category, d.quarter, count(*) AS sales, sum(s.quantity * s.price) AS revenue,
                 avg(c.credit) AS credit
          FROM sales s
          JOIN customers c ON c.customer_id = s.customer_id
          JOIN products p ON p.product_id = s.product_id
          JOIN stores st ON st.store_id = s.store_id
          JOIN dates d ON d.date_id = s.date_id
          WHERE d.weekday <= 5 AND c.segment IS NOT NULL
          GROUP BY st.city, p.category, d.quarter
          ORDER BY st.city, p.category, d.quarter`,
    ordered: true,
  },
  'sales above the average of their product: a correlated scalar subquery': {
    sql: `SELECT s.sale_id, s.price FROM sales s
          WHERE s.price > 1.9 * (SELECT avg(o.price) FROM sales o WHERE o.product_id = s.product_id)`,
  },
  'customers who bought toys but no books: EXISTS and NOT EXISTS': {
    sql: `SELECT c.customer_id, c.name FROM customers c
          WHERE EXISTS (SELECT 1 FROM sales s JOIN products p USING (product_id)
                        WHERE s.customer_id = c.customer_id AND p.category = 'toys' AND s.price > 60)
            AND NOT EXISTS (SELECT 1 FROM sales s JOIN products p USING (product_id)
                            WHERE s.customer_id = c.customer_id AND p.category = 'books' AND s.price > 90)`,
  },
  'products of the best stores: nested IN': {
    sql: `SELECT DISTINCT p.product_id, p.category FROM products p
          WHERE p.product_id IN (SELECT s.product_id FROM sales s
            WHERE s.store_id IN (SELECT store_id FROM stores WHERE area > 700) AND s.quantity = 9 AND s.price > 80)
            AND p.product_id NOT IN (SELECT product_id FROM sales WHERE note = 'note 3')`,
  },
  'the dearest two sales of each customer: a lateral join': {
    sql: `SELECT c.customer_id, best.sale_id, best.price
          FROM customers c,
               LATERAL (SELECT s.sale_id, s.price FROM sales s WHERE s.customer_id = c.customer_id
                        ORDER BY s.price DESC, s.sale_id LIMIT 2) best
          WHERE c.city = 'Oslo'`,
  },
  'running and moving sums: windows with frames': {
    sql: `SELECT store_id, sale_id,
                 sum(price) OVER (PARTITION BY store_id ORDER BY sale_id) AS running,
                 avg(price) OVER (PARTITION BY store_id ORDER BY sale_id ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING) AS moving,
                 max(price) OVER (PARTITION BY store_id ORDER BY date_id
                                  RANGE BETWEEN 7 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) AS week_high,
                 count(*) OVER (PARTITION BY store_id ORDER BY quantity GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS near
          FROM sales WHERE sale_id % 4 = 0`,
  },
  'months against the month before: a named window': {
    sql: `WITH monthly AS (SELECT d.month, sum(s.price * s.quantity) AS revenue
                           FROM sales s JOIN dates d USING (date_id) GROUP BY d.month)
          SELECT month, revenue, revenue - lag(revenue) OVER w AS change, first_value(revenue) OVER w AS january,
                 ntile(4) OVER w AS quarter, rank() OVER (ORDER BY revenue DESC) AS place
          FROM monthly WINDOW w AS (ORDER BY month) ORDER BY month`,
    ordered: true,
  },
  'totals and subtotals: rollup': {
    sql: `SELECT st.city, p.category, grouping(st.city, p.category) AS level, sum(s.quantity) AS pieces
          FROM sales s JOIN stores st USING (store_id) JOIN products p USING (product_id)
          GROUP BY ROLLUP (st.city, p.category)`,
  },
  'every combination: cube': {
    sql: `SELECT d.quarter, c.segment, s.store_id < 4 AS small, count(*) AS n, count(DISTINCT s.customer_id) AS customers
          FROM sales s JOIN dates d USING (date_id) JOIN customers c USING (customer_id)
          GROUP BY CUBE (d.quarter, c.segment, small)`,
  },
  'chosen groupings: grouping sets with HAVING': {
    sql: `SELECT p.category, d.month, s.store_id, sum(s.price) AS total, grouping_id(p.category, d.month, s.store_id) AS g
          FROM sales s JOIN products p USING (product_id) JOIN dates d USING (date_id)
          GROUP BY GROUPING SETS ((p.category, d.month), (s.store_id), ()) HAVING sum(s.price) > 2000`,
  },
  'the tree of products: a recursive CTE': {
    sql: `WITH RECURSIVE tree AS (
            SELECT product_id, parent_id, 0 AS depth, [product_id] AS path FROM products WHERE parent_id IS NULL
            UNION ALL
            SELECT p.product_id, p.parent_id, t.depth + 1, list_append(t.path, p.product_id)
            FROM products p JOIN tree t ON p.parent_id = t.product_id)
          SELECT t.path[1] AS root, t.depth, count(DISTINCT t.product_id) AS products, sum(s.quantity) AS pieces
          FROM tree t LEFT JOIN sales s ON s.product_id = t.product_id
          GROUP BY root, t.depth ORDER BY root, t.depth`,
    ordered: true,
  },
  'days without a sale: a recursive calendar and an anti join': {
    sql: `WITH RECURSIVE days(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM days WHERE n < 365)
          SELECT n, DATE '2024-01-01' + n AS day FROM days ANTI JOIN (SELECT * FROM sales WHERE store_id = 3) s ON s.date_id = days.n`,
  },
  'the latest sale of every customer: QUALIFY': {
    sql: `SELECT customer_id, sale_id, sold_at FROM sales
          QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY sold_at DESC, sale_id) = 1`,
  },
  'cities of customers and of stores: set operations': {
    sql: `(SELECT city FROM customers UNION SELECT city FROM stores)
          EXCEPT (SELECT city FROM stores WHERE area < 300)
          UNION ALL (SELECT city FROM customers WHERE birth_year > 1990 INTERSECT SELECT city FROM stores)`,
  },
  'quarters side by side: PIVOT': {
    sql: `SELECT * FROM (PIVOT (SELECT p.category, d.quarter, s.quantity FROM sales s JOIN products p USING (product_id)
                                JOIN dates d USING (date_id))
                         ON quarter IN (1, 2, 3, 4) USING sum(quantity) AS pieces GROUP BY category)
          ORDER BY category`,
    ordered: true,
  },
  'measures below each other: UNPIVOT': {
    sql: `SELECT u.measure, count(*) AS n, sum(u.amount) AS total
          FROM (SELECT product_id, cost, weight FROM products)
               UNPIVOT INCLUDE NULLS (amount FOR measure IN (cost, weight)) AS u
          GROUP BY u.measure`,
  },
  'tags and sizes: lists, structs and unnest': {
    sql: `SELECT t.tag, c.address.zip // 10 AS area, count(*) AS n, list_sort(list(DISTINCT len(c.tags))) AS lengths,
                 max({'year': c.birth_year, 'zip': c.address.zip}) AS youngest
          FROM customers c, unnest(c.tags) AS t(tag)
          WHERE list_contains(c.tags, 'b') AND len(list_filter(c.tags, lambda v: v > 'a')) >= 1
          GROUP BY ALL`,
  },
  'sizes of products in one row: nested list functions': {
    sql: `SELECT product_id, list_sum(sizes) AS total, list_transform(sizes, lambda s, i: s * i) AS weighted,
                 list_reduce(list_prepend(1, sizes), lambda a, b: a * b) AS product, {'name': name, 'sizes': sizes} AS item
          FROM products ORDER BY len(sizes) DESC, product_id LIMIT 15`,
    ordered: true,
  },
  'kinds of sales in one pass: FILTER': {
    sql: `SELECT store_id, count(*) FILTER (WHERE promotion_id IS NULL) AS plain,
                 sum(price) FILTER (WHERE discount > 2) AS discounted,
                 count(DISTINCT customer_id) FILTER (quantity > 5) AS bulk, quantile_cont(price, 0.5) AS middle,
                 arg_max(sale_id, price * 1000000 + sale_id) AS dearest, stddev_pop(price) AS spread
          FROM sales GROUP BY store_id`,
  },
  'the first sale of each product: DISTINCT ON': {
    sql: `SELECT DISTINCT ON (product_id) product_id, sale_id, sold_at FROM sales
          WHERE quantity > 3 ORDER BY product_id, sold_at, sale_id`,
    ordered: true,
  },
  'the promotion that ran last: an ASOF join': {
    sql: `SELECT s.sale_id, s.sold_at, p.promotion_id, p.rate
          FROM sales s ASOF LEFT JOIN promotions p ON s.sold_at >= p.from_day WHERE s.store_id = 5`,
  },
  'stores and customers of one city: NATURAL and USING joins': {
    sql: `SELECT city, store_id, customer_id, n
          FROM (SELECT city, store_id FROM stores) NATURAL JOIN (SELECT city, customer_id FROM customers)
          JOIN (SELECT store_id, customer_id, count(*) AS n FROM sales GROUP BY ALL) USING (store_id, customer_id)`,
  },
  'price bands from a table in the statement: VALUES and a range join': {
    sql: `SELECT b.band, count(s.sale_id) AS n, min(s.price) AS low, max(s.price) AS high
          FROM (VALUES ('cheap', 0, 25), ('fair', 25, 75), ('dear', 75, 1000), ('never', 1000, 2000)) b(band, low, high)
          LEFT JOIN sales s ON s.price >= b.low AND s.price < b.high
          GROUP BY b.band`,
  },
  'every store in every month, with and without sales: cross and full joins': {
    sql: `SELECT coalesce(g.store_id, s.store_id) AS store, coalesce(g.month, s.month) AS month, s.n, g.store_id IS NULL AS unknown
          FROM (SELECT store_id, month FROM stores CROSS JOIN (SELECT DISTINCT month FROM dates WHERE month < 5)) g
          FULL JOIN (SELECT store_id, d.month, count(*) AS n FROM sales JOIN dates d USING (date_id)
                     WHERE quantity = 1 GROUP BY ALL HAVING n > 4) s ON s.store_id = g.store_id AND s.month = g.month`,
  },
  'share of the total, in CTEs upon CTEs': {
    sql: `WITH items AS (SELECT s.*, p.category, s.price * s.quantity - coalesce(s.discount, 0) AS amount
                         FROM sales s JOIN products p USING (product_id)),
               totals AS MATERIALIZED (SELECT category, store_id, sum(amount) AS amount FROM items GROUP BY ALL),
               ranked AS (SELECT *, amount / sum(amount) OVER (PARTITION BY store_id) AS share,
                                 dense_rank() OVER (PARTITION BY store_id ORDER BY amount DESC) AS place FROM totals)
          SELECT store_id, category, round(100 * share, 3) AS percent, place,
                 (SELECT count(*) FROM ranked r WHERE r.share > ranked.share) AS above
          FROM ranked WHERE share > (SELECT avg(share) FROM ranked) ORDER BY ALL`,
    ordered: true,
  },
};
