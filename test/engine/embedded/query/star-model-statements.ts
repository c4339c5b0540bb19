import type { Question } from './two-ways.js';

/** Statements over the star schema of star.ts that call models, each in another clause. */
export const MODEL_ANALYSES: Readonly<Record<string, Question>> = {
  'SELECT list, aggregated over a join of five tables': {
    sql: `SELECT st.city, p.category, d.quarter, count(*) AS sales, avg(m(s.price, p.cost)) AS score,
                 sum(m(s.quantity, c.credit)) AS value
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
  'WHERE, beside a correlated scalar subquery': {
    sql: `SELECT s.sale_id, s.price FROM sales s
          WHERE s.price > 1.5 * (SELECT avg(o.price) FROM sales o WHERE o.product_id = s.product_id)
            AND m(s.price, s.discount) > 180`,
  },
  'inside a correlated EXISTS, over its own columns': {
    sql: `SELECT c.customer_id FROM customers c
          WHERE EXISTS (SELECT 1 FROM sales s JOIN products p USING (product_id)
                        WHERE s.customer_id = c.customer_id AND m(s.price, p.weight) > 260)
            AND m(c.credit, 1) > 300`,
  },
  'inside a lateral join that sorts by the call': {
    sql: `SELECT c.customer_id, best.sale_id, best.score
          FROM customers c,
               LATERAL (SELECT s.sale_id, m(s.price, s.discount) AS score FROM sales s
                        WHERE s.customer_id = c.customer_id ORDER BY score DESC NULLS LAST, s.sale_id LIMIT 2) best
          WHERE c.city = 'Oslo'`,
  },
  'windows with frames over the call': {
    sql: `SELECT sale_id, sum(m(price, quantity)) OVER (PARTITION BY store_id ORDER BY sale_id
                                                      ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS moving,
                 rank() OVER (PARTITION BY product_id ORDER BY m(price, discount) DESC NULLS LAST) AS place,
                 m(lag(price) OVER (PARTITION BY store_id ORDER BY sale_id), quantity) AS before
          FROM sales WHERE sale_id % 3 = 0`,
  },
  'GROUP BY ROLLUP of a band of the call': {
    sql: `SELECT st.city, m(s.price, s.quantity) > 120 AS likely, count(*) AS n, max(m(s.price, s.quantity)) AS best
          FROM sales s JOIN stores st USING (store_id) GROUP BY ROLLUP (st.city, likely)`,
  },
  'grouping sets, and a call of aggregates in HAVING': {
    sql: `SELECT p.category, d.month, m(avg(s.price), max(s.quantity)) AS score
          FROM sales s JOIN products p USING (product_id) JOIN dates d USING (date_id)
          GROUP BY GROUPING SETS ((p.category, d.month), (p.category), ())
          HAVING m(avg(s.price), max(s.quantity)) > 137`,
  },
  'over the rows of a recursive CTE': {
    sql: `WITH RECURSIVE tree AS (
            SELECT product_id, parent_id, 0 AS depth FROM products WHERE parent_id IS NULL
            UNION ALL
            SELECT p.product_id, p.parent_id, t.depth + 1 FROM products p JOIN tree t ON p.parent_id = t.product_id)
          SELECT t.product_id, t.depth, m(t.depth, p.weight) AS score
          FROM tree t JOIN products p USING (product_id) WHERE m(p.cost, t.depth) > 20`,
  },
  'below a recursive CTE, in the table it walks': {
    sql: `WITH RECURSIVE scored AS (SELECT product_id, parent_id, m(cost, 0) AS score FROM products),
               tree AS (
            SELECT product_id, score AS best FROM scored WHERE parent_id IS NULL
            UNION ALL
            SELECT s.product_id, greatest(t.best, s.score) FROM scored s JOIN tree t ON s.parent_id = t.product_id)
          SELECT best, count(*) AS n FROM tree GROUP BY best`,
  },
  'QUALIFY by the call': {
    sql: `SELECT customer_id, sale_id, m(price, quantity) AS score FROM sales
          QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY m(price, quantity) DESC, sale_id) = 1`,
  },
  'JOIN ... ON: a call of both sides, and one of each': {
    sql: `SELECT s.sale_id, p.product_id FROM sales s
          JOIN products p ON p.product_id = s.product_id AND m(s.price, p.weight) > 200 AND m(p.cost, p.weight) < 100
          LEFT JOIN promotions o ON o.promotion_id = s.promotion_id AND m(o.rate, s.quantity) > 30
          WHERE o.promotion_id IS NOT NULL OR m(s.quantity, 1) > 15`,
  },
  'set operations of scored tables': {
    sql: `SELECT city FROM customers WHERE m(credit, 1) > 800
          UNION SELECT city FROM stores WHERE m(area, 0) > 1500
          EXCEPT (SELECT city FROM stores WHERE n(area, 0) < 2500)
          ORDER BY city`,
    ordered: true,
  },
  'struct and list results, with FILTER and DISTINCT ON': {
    sql: `SELECT DISTINCT ON (category) category, m2(cost).a AS twice, emb(weight)[3] AS more,
                 list_sum(emb(cost)) AS total
          FROM products WHERE m2(weight).b > 3 ORDER BY category, m2(cost).a DESC, product_id`,
    ordered: true,
  },
  'CTEs upon CTEs, the scored one used twice': {
    sql: `WITH items AS (SELECT s.store_id, p.category, pair(x := s.price, z := s.quantity) AS amount
                         FROM sales s JOIN products p USING (product_id)),
               totals AS MATERIALIZED (SELECT category, store_id, sum(amount) AS amount FROM items GROUP BY ALL),
               ranked AS (SELECT *, amount / sum(amount) OVER (PARTITION BY store_id) AS share FROM totals)
          SELECT store_id, category, share, m(share, 1) AS score,
                 (SELECT count(*) FROM items WHERE amount > 190) AS high
          FROM ranked WHERE share > (SELECT avg(share) FROM ranked) ORDER BY store_id, category`,
    ordered: true,
  },
  'nested calls in CASE, inside FILTER, above an ASOF join': {
    sql: `SELECT s.store_id, p.promotion_id,
                 sum(m(s.price, s.discount)) FILTER (WHERE m(m(s.quantity, 1), p.rate) > 50) AS chosen,
                 count(CASE WHEN n(s.price, s.quantity) > 400 THEN 'high' WHEN s.note IS NULL THEN m2(s.price)::VARCHAR END) AS n
          FROM sales s ASOF JOIN promotions p ON s.sold_at >= p.from_day
          GROUP BY s.store_id, p.promotion_id`,
  },
};
