package sample

import (
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/weirnode/weir/attack"
)

func TestPlanIsRepeatable(t *testing.T) {
	a, b := NewPlan(DemoScale, 7), NewPlan(DemoScale, 7)
	if !reflect.DeepEqual(a, b) {
		t.Error("the same seed gives two plans")
	}
	if reflect.DeepEqual(a, NewPlan(DemoScale, 8)) {
		t.Error("two seeds give the same plan")
	}
	var types attack.Set
	attacks := 0
	for _, q := range a.Requests {
		if q.Attack != attack.None {
			types = types.With(q.Attack)
			attacks++
		}
	}
	if n := len(a.Requests); n < 700 || n > 2000 || attacks < 80 || types.Len() != 4 {
		t.Errorf("%d requests, %d attacks of %s", n, attacks, types)
	}
}

func TestShopAnswersHarmlessTraffic(t *testing.T) {
	shop := httptest.NewServer(App())
	defer shop.Close()
	plan := NewPlan(Scale{People: 4, APIClients: 2, Pages: 5}, 3)
	r := Runner{Node: shop.URL, Direct: shop.URL, Concurrency: 4, Rate: 5000}
	out, err := r.Run(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	if out.Failed != 0 || out.Altered != 0 || out.Benign != len(plan.Requests) {
		t.Errorf("outcome %+v of %d requests", out, len(plan.Requests))
	}
}
