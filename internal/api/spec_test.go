package api_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"linli/internal/api/rest"
	"linli/internal/testkit"
)

// document is the OpenAPI document as a caller gets it.
func document(t *testing.T) map[string]any {
	t.Helper()
	a := open(t, testkit.SQLite(t, time.Now).URL(), nil)
	w := httptest.NewRecorder()
	a.APIKit("1.2.3", -1).Handler().ServeHTTP(w, httptest.NewRequest("GET", rest.Prefix+"/openapi.json", nil))
	if w.Code != 200 {
		t.Fatalf("GET openapi.json = %d: %s", w.Code, w.Body)
	}
	var doc map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestTheDocumentIsOpenAPI31(t *testing.T) {
	doc := document(t)
	if v, _ := doc["openapi"].(string); !strings.HasPrefix(v, "3.1.") {
		t.Errorf("openapi = %q, want 3.1.x", v)
	}
	info := doc["info"].(map[string]any)
	if info["version"] != "1.2.3" || info["title"] == "" {
		t.Errorf("info = %v", info)
	}
	seen := map[string]string{}
	operations := 0
	for path, item := range doc["paths"].(map[string]any) {
		for method, v := range item.(map[string]any) {
			operations++
			checkOperation(t, strings.ToUpper(method)+" "+path, path, v.(map[string]any), seen)
		}
	}
	if operations < 120 {
		t.Errorf("the document has %d operations; is a concept missing?", operations)
	}
	checkReferences(t, doc, doc)
	for name, s := range doc["components"].(map[string]any)["schemas"].(map[string]any) {
		checkProperties(t, name, s.(map[string]any))
	}
}

func checkOperation(t *testing.T, name, path string, op map[string]any, seen map[string]string) {
	id, _ := op["operationId"].(string)
	if other, twice := seen[id]; twice || id == "" {
		t.Errorf("%s: operationId %q is empty or also that of %s", name, id, other)
	}
	seen[id] = name
	for _, field := range []string{"summary", "description"} {
		if s, _ := op[field].(string); len(s) < 4 {
			t.Errorf("%s has no %s", name, field)
		}
	}
	if tags, _ := op["tags"].([]any); len(tags) != 1 {
		t.Errorf("%s: tags = %v, want one", name, tags)
	}
	responses := op["responses"].(map[string]any)
	if len(responses) < 2 {
		t.Errorf("%s: responses = %v, want success and errors", name, responses)
	}
	for status, r := range responses {
		content, _ := r.(map[string]any)["content"].(map[string]any)
		if status >= "400" && content["application/problem+json"] == nil {
			t.Errorf("%s: %s is no application/problem+json", name, status)
		}
	}
	declared := map[string]bool{}
	params, _ := op["parameters"].([]any)
	for _, p := range params {
		m := p.(map[string]any)
		if d, _ := m["description"].(string); d == "" {
			t.Errorf("%s: parameter %v has no description", name, m["name"])
		}
		if m["in"] == "path" {
			declared[m["name"].(string)] = true
		}
	}
	for _, part := range strings.Split(path, "/") {
		if strings.HasPrefix(part, "{") && !declared[strings.Trim(part, "{}")] {
			t.Errorf("%s: %s is not declared", name, part)
		}
	}
}

// checkReferences follows every $ref.
func checkReferences(t *testing.T, doc map[string]any, v any) {
	switch v := v.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			var at any = doc
			for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
				m, _ := at.(map[string]any)
				at = m[part]
			}
			if at == nil {
				t.Errorf("%s leads nowhere", ref)
			}
		}
		for _, w := range v {
			checkReferences(t, doc, w)
		}
	case []any:
		for _, w := range v {
			checkReferences(t, doc, w)
		}
	}
}

func checkProperties(t *testing.T, name string, schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	for field, p := range properties {
		m := p.(map[string]any)
		if d, _ := m["description"].(string); d == "" {
			t.Errorf("%s.%s has no description", name, field)
		}
		if strings.ToLower(field) != field {
			t.Errorf("%s.%s: names of fields are lower_case", name, field)
		}
		if field == "id" || strings.HasSuffix(field, "_id") {
			if m["type"] != "string" && name != "AuditEntry" {
				t.Errorf("%s.%s is %v: identifiers are text", name, field, m["type"])
			}
		}
	}
	for _, r := range asList(schema["required"]) {
		if properties[r.(string)] == nil {
			t.Errorf("%s requires %v, which it does not have", name, r)
		}
	}
}

func asList(v any) []any {
	l, _ := v.([]any)
	return l
}
