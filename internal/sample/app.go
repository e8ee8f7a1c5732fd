// Package sample is what `weir demo` and end-to-end tests put around a node: a
// small web shop that stands behind it, and mixed traffic that goes through it.
//
// The traffic is made from a fixed seed, so two runs send the same requests; each
// request knows whether it is an attack and of which type.
package sample

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strconv"
	"strings"
)

type product struct {
	ID    int     `json:"id"`
	Name  string  `json:"name"`
	Price float64 `json:"price"`
	Text  string  `json:"text"`
}

var products = makeProducts()

func makeProducts() []product {
	adjectives := []string{"Quiet", "Sturdy", "Bright", "Foldable", "Heavy", "Little"}
	things := []string{"Kettle", "Desk", "Lamp", "Headphones", "Grinder", "Backpack", "Bicycle Bell", "Notebook"}
	list := make([]product, 0, 48)
	for i := range cap(list) {
		name := adjectives[i%len(adjectives)] + " " + things[i%len(things)]
		list = append(list, product{
			ID: 1000 + i, Name: name, Price: float64(900+i*37) / 100,
			Text: "A " + strings.ToLower(name) + " for every day, tested by people who use it.",
		})
	}
	return list
}

var pages = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Title}} · Sample shop</title><link rel="stylesheet" href="/static/shop.css"></head>
<body><nav><a href="/">Shop</a> <a href="/products">Products</a> <a href="/login">Sign in</a>
<form action="/search"><input name="q" value="{{.Query}}"><button>Search</button></form></nav>
<h1>{{.Title}}</h1>{{with .Note}}<p>{{.}}</p>{{end}}
<ul>{{range .Products}}<li><a href="/products/{{.ID}}">{{.Name}}</a> {{.Price}} EUR</li>{{end}}</ul></body></html>
`))

type page struct {
	Title, Query, Note string
	Products           []product
}

// App returns the sample shop.
func App() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		show(w, page{Title: "Welcome", Note: "Good things, fairly priced.", Products: products[:8]})
	})
	mux.HandleFunc("GET /products", listProducts)
	mux.HandleFunc("GET /products/{id}", showProduct)
	mux.HandleFunc("GET /search", search)
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, _ *http.Request) {
		show(w, page{Title: "Sign in", Note: "Name and password, please."})
	})
	mux.HandleFunc("POST /login", login)
	mux.HandleFunc("POST /upload", upload)
	mux.HandleFunc("GET /static/shop.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		_, _ = io.WriteString(w, "body{font-family:sans-serif;margin:2rem}nav a{margin-right:1rem}\n")
	})
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /api/v1/products", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, products) })
	mux.HandleFunc("GET /api/v1/products/{id}", func(w http.ResponseWriter, r *http.Request) {
		if p := find(r.PathValue("id")); p != nil {
			answer(w, http.StatusOK, p)
			return
		}
		answer(w, http.StatusNotFound, map[string]string{"error": "no such product"})
	})
	mux.HandleFunc("POST /api/v1/orders", order)
	return mux
}

func show(w http.ResponseWriter, p page) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = pages.Execute(w, p)
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func find(id string) *product {
	n, err := strconv.Atoi(id)
	if err != nil || n < 1000 || n >= 1000+len(products) {
		return nil
	}
	return &products[n-1000]
}

func listProducts(w http.ResponseWriter, r *http.Request) {
	number, _ := strconv.Atoi(r.URL.Query().Get("page"))
	start := max(0, min(number-1, 5)) * 8
	show(w, page{Title: "Products", Products: products[start : start+8]})
}

func showProduct(w http.ResponseWriter, r *http.Request) {
	p := find(r.PathValue("id"))
	if p == nil {
		http.NotFound(w, r)
		return
	}
	show(w, page{Title: p.Name, Note: p.Text})
}

func search(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query().Get("q")
	var hits []product
	for _, p := range products {
		if query != "" && strings.Contains(strings.ToLower(p.Name), strings.ToLower(query)) {
			hits = append(hits, p)
		}
	}
	show(w, page{Title: "Search", Query: query, Note: fmt.Sprintf("%d products", len(hits)), Products: hits})
}

// login knows one account: demo with the password demo.
func login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if r.PostFormValue("user") == "demo" && r.PostFormValue("password") == "demo" {
		show(w, page{Title: "Hello, demo"})
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusUnauthorized)
	_ = pages.Execute(w, page{Title: "Sign in", Note: "That was not right."})
}

func upload(w http.ResponseWriter, r *http.Request) {
	file, head, err := r.FormFile("file")
	if err != nil {
		http.Error(w, "no file", http.StatusBadRequest)
		return
	}
	defer file.Close()
	n, _ := io.Copy(io.Discard, io.LimitReader(file, 8<<20))
	answer(w, http.StatusCreated, map[string]any{"name": head.Filename, "size": n})
}

func order(w http.ResponseWriter, r *http.Request) {
	var o struct {
		Items []struct {
			ID, Qty int
		} `json:"items"`
		Note string `json:"note"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&o); err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"error": "not an order"})
		return
	}
	answer(w, http.StatusCreated, map[string]any{"status": "accepted", "items": len(o.Items), "note": o.Note})
}
