package scanner

import (
	"strings"

	"github.com/weirnode/weir/detect/evidence"
)

// tools are names that scanners give in the User-Agent.
var tools = [...]string{
	"sqlmap", "nikto", "nuclei", "acunetix", "nessus", "openvas", "masscan", "zgrab", "wpscan", "dirsearch", "dirbuster", "gobuster", "feroxbuster", "ffuf", "fuzz faster u fool", "wfuzz",
	"w3af", "arachni", "netsparker", "invicti", "appscan", "webinspect", "qualys", "burpsuite", "burpcollaborator", "burp collaborator", "zaproxy", "owasp zap", "havij", "pangolin", "jorgee", "morfeus", "nmap scripting engine", "nmap",
	"commix", "xsser", "xsstrike", "dalfox", "jaeles", "httpx - open-source", "joomscan", "droopescan", "cmsmap", "whatweb", "skipfish", "paros", "webscarab", "whisker", "wapiti", "sqlninja", "bsqlbf", "sqlsus",
	"metasploit", "n-stealth", "nstalker", "hydra", "patator", "dirb", "l9explore", "l9tcpid", "leakix", "zmeu", "muieblackcat", "libwhisker", "fimap", "uniscan", "golismero", "censysinspect", "shodan", "expanse, a palo alto", "detectify", "intruder.io",
	"tplmap", "nosqlmap", "ssrfmap", "crackmapexec", "hakrawler", "amass", "subfinder", "naabu", "rustscan", "awvs", "rapid7", "nexpose", "probely", "tenable", "securityscanner", "cgichk", "gootkit auto-rooter scanner",
	"struts-pwn", "libredtail-http", "kube-hunter", "report runner", "hello, world", "crlfuzz", "kiterunner", "ghauri", "jsql injection", "pocsuite", "osmedeus", "sn1per", "wafw00f", "xspear", "interactsh", "internetmeasurement", "custom-asynchttpclient", "sysscan", "datacha0s", "wvs", "springenwerk", "prog.customcrawler", "sf/2.", "t0rr", "mysqloit", "black widow", "core-project", "evilscanner", "vulnerability scanner", "webvulnscan", "fhscan", "domino hunter", "grendel-scan", "pmafind", "webtrends security analyzer", "xmlset_roodkcableoj28840ybtide",
	"qualys", "burp suite", "sipvicious", "friendly-scanner", "friendly-request", "xfa1", "ratproxy", "webshag", "jbrofuzz", "safe3", "hostedscan", "tsunami-security", "log4j-scan", "log4shell", "turboscan", "xpoc", "fscan", "afrog", "kscan", "observerward", "eyewitness", "aquatone", "gowitness", "impacket",
	"backdoorbot", "odin; https://docs.getodin", "vulnscan", "vuln-scan", "vulscan", "webvuln", "securityscan", "security-scan", "port-scan", "portscan", "exploit", "pentest", "dirbrute", "bruteforce", "brute-force", "cve-20", "xray/", "goby/", "caidao", "antsword", "behinder", "godzilla/", "mozi.", "mirai", "hajime", "gafgyt", "keksec",
	"t(w)eb", "shellshock", "zmap", "zoomeye", "hunter.how", "onyphe", "binaryedge", "leakcheck", "gitdumper", "git-dumper", "trufflehog", "arjun", "paramspider", "gospider", "httprobe", "ratelimit-bypass", "ysoserial", "marshalsec", "sliver/", "reconftw", "cariddi", "x8/", "byp4xx", "nomore403", "rengine", "faraday-scan", "vulners", "openbullet", "sentrymba", "silverbullet/",
}

// toolsBy holds tools by their first two letters.
var toolsBy = func() (by [1024][]string) {
	for _, t := range tools {
		k := pair(t[0], t[1])
		by[k] = append(by[k], t)
	}
	return by
}()

// pair is a number of two letters, without regard to case.
func pair(a, b byte) int { return int(a&31)<<5 | int(b&31) }

// place is what a segment of a path tells by its name.
type place struct {
	sign   *evidence.Sign
	weight int8
	folder bool // also in the middle of a path
	left   bool // of leftFiles
}

// wholeNames are segments, in lower case, that sites do not link to.
var wholeNames = withFiles(map[string]place{
	"web-inf": {&secret, 8, true, false}, "meta-inf": {&secret, 6, true, false}, "web.config": {&secret, 8, false, false}, "id_rsa": {&secret, 8, false, false}, "id_dsa": {&secret, 8, false, false}, "id_ed25519": {&secret, 8, false, false},
	"wp-config.php": {&secret, 8, false, false}, "wp-config.txt": {&secret, 8, false, false}, "secrets.yml": {&secret, 8, false, false}, "secrets.json": {&secret, 8, false, false}, "database.yml": {&secret, 8, false, false},
	"docker-compose.yml": {&secret, 8, false, false}, "docker-compose.yaml": {&secret, 8, false, false}, "sftp-config.json": {&secret, 8, false, false}, "parameters.yml": {&secret, 8, false, false}, "application.properties": {&secret, 8, false, false},
	"application.yml": {&secret, 8, false, false}, "appsettings.json": {&secret, 6, false, false}, "passwd": {&secret, 5, false, false}, "shadow": {&secret, 5, false, false}, "server.key": {&secret, 8, false, false}, "private.key": {&secret, 8, false, false}, "privatekey.key": {&secret, 8, false, false},
	"phpinfo.php": {&console, 8, false, false}, "info.php": {&console, 6, false, false}, "test.php": {&console, 5, false, false}, "adminer.php": {&console, 6, false, false}, "phpmyadmin": {&console, 6, true, false}, "pma": {&console, 6, true, false}, "server-status": {&console, 8, false, false}, "server-info": {&console, 8, false, false},
	"heapdump": {&console, 8, false, false}, "trace.axd": {&console, 8, false, false}, "elmah.axd": {&console, 8, false, false}, "jmx-console": {&console, 8, true, false}, "web-console": {&console, 8, true, false}, "jolokia": {&console, 8, true, false}, "_profiler": {&console, 7, true, false}, "_ignition": {&console, 8, true, false},
	"invoker": {&console, 5, true, false}, "hudson": {&console, 6, true, false}, "telescope": {&console, 5, true, false}, "_all_dbs": {&console, 8, false, false}, "_cat": {&console, 6, true, false}, "_cluster": {&console, 6, true, false},
	"eval-stdin.php": {&weakness, 9, false, false}, "hnap1": {&weakness, 8, true, false}, "boaform": {&weakness, 8, true, false}, "gponform": {&weakness, 8, true, false}, "setup.cgi": {&weakness, 8, false, false}, "execute-solution": {&weakness, 9, false, false}, "timthumb.php": {&weakness, 6, false, false},
	"c99.php": {&weakness, 8, false, false}, "r57.php": {&weakness, 8, false, false}, "wso.php": {&weakness, 8, false, false}, "b374k.php": {&weakness, 8, false, false}, "alfa.php": {&weakness, 8, false, false}, "shell.php": {&weakness, 8, false, false}, "webshell.php": {&weakness, 8, false, false}, "cmd.jsp": {&weakness, 8, false, false},
	"cmd.php": {&weakness, 8, false, false}, "cmd.aspx": {&weakness, 8, false, false}, "shell.jsp": {&weakness, 8, false, false}, "jmxinvokerservlet": {&weakness, 8, false, false}, "ejbinvokerservlet": {&weakness, 8, false, false}, "fckeditor": {&weakness, 6, true, false}, "_vti_pvt": {&weakness, 8, true, false},
	"wls-wsat": {&weakness, 8, true, false}, "_async": {&weakness, 6, true, false}, "bea_wls_deployment_internal": {&weakness, 8, true, false}, "bea_wls_internal": {&weakness, 8, true, false}, "struts2-showcase": {&weakness, 8, true, false}, "struts2-rest-showcase": {&weakness, 8, true, false},
	"tmunblock.cgi": {&weakness, 8, true, false}, "wanipcn.xml": {&weakness, 8, true, false}, "picsdesc.xml": {&weakness, 8, true, false}, "currentsetting.htm": {&weakness, 8, false, false}, "diag_form": {&weakness, 8, true, false}, "formlogin": {&weakness, 6, true, false},
	"cfide": {&weakness, 7, true, false}, "telerik.web.ui.dialoghandler.aspx": {&weakness, 8, false, false}, "telerik.web.ui.dialoghandler.axd": {&weakness, 8, false, false}, "descriptorbyname": {&weakness, 8, true, false}, "vropspluginui": {&weakness, 8, true, false},
	"azenv.php": {&mark, 8, false, false}, "testproxy.php": {&mark, 8, false, false}, "proxyheader.php": {&mark, 8, false, false}, "proxycheck.php": {&mark, 6, false, false},
	"terraform.tfstate": {&secret, 8, false, false}, "terraform.tfstate.backup": {&secret, 8, false, false}, "terraform.tfvars": {&secret, 8, false, false}, "ansible.cfg": {&secret, 6, false, false}, "kubeconfig": {&secret, 8, false, false}, "id_ecdsa": {&secret, 8, false, false}, "authorized_keys": {&secret, 8, false, false},
	"laravel.log": {&secret, 8, false, false}, "wp-config-sample.php": {&secret, 6, false, false}, "configuration.php-dist": {&secret, 6, false, false}, "settings.php.bak": {&secret, 8, false, false},
	"adminer": {&console, 6, false, false}, "server-info.action": {&console, 8, false, false}, "ftpsync.settings": {&secret, 8, false, false}, "human2.aspx": {&weakness, 8, false, false}, "toolpane.aspx": {&weakness, 6, false, false}, "hsqldb%0a": {&weakness, 8, false, false}, "hsqldb\n": {&weakness, 8, false, false},
	"widget_php": {&weakness, 8, false, false}, "setup-restore.action": {&weakness, 8, false, false}, "text-inline.vm": {&weakness, 8, false, false}, "mboximport": {&weakness, 8, false, false}, "metadatauploader": {&weakness, 8, false, false}, "bsh.servlet.bshservlet": {&weakness, 8, false, false},
	"htmlofficeservlet": {&weakness, 8, false, false}, "ztp_gate.php": {&weakness, 8, true, false}, "programexport": {&weakness, 8, false, false}, "ctcwebservicebean": {&weakness, 8, true, false}, "webui_wsma_http": {&weakness, 8, false, false}, "webui_wsma_https": {&weakness, 8, false, false},
	"w00tw00t.at.isc.sans.dfind": {&mark, 8, true, false}, "w00tw00t.at.isc.sans.dfind:)": {&mark, 8, true, false}, "nice ports,": {&mark, 8, true, false}, "nice%20ports%2c": {&mark, 8, true, false}, "trinity.txt.bak": {&mark, 8, false, false},
})

// withFiles adds the files of leftFiles.
func withFiles(m map[string]place) map[string]place {
	for _, e := range leftFiles {
		for name := range strings.FieldsSeq(e.names) {
			m[name] = e.place
		}
	}
	return m
}

// followed are folders with what is telling behind them.
var followed = map[string][]string{
	"actuator":        {"heapdump", "env", "threaddump", "gateway/", "jolokia", "logfile", "mappings", "configprops", "beans", "trace", "httptrace", "auditevents", "loggers", "sessions", "shutdown", "restart", "refresh"},
	"manager":         {"html", "jmxproxy"},
	"debug":           {"pprof", "vars", "default/view"},
	"solr":            {"admin/", "select?q=*"},
	"cgi-bin":         {"test-cgi", "printenv", "status", "bash", "php.cgi", "php5", "php4", "config.exp", "kerbynet", "fwbcgi", "jarrewrite.sh", "popen.cgi", "supervisor/cloudsetup.cgi", "../", ".%2e", "%2e%2e"},
	"vendor":          {"phpunit/", ".env"},
	"console":         {"login/loginform.jsp", "j_security_check", "css/%252e"},
	"druid":           {"index.html", "indexer/"},
	"latest":          {"meta-data", "user-data"},
	"_profiler":       {"phpinfo", "open", "empty/search"},
	"_node":           {"_local/_config", "nonode@nohost/_config"},
	"_config":         {"query_servers", "admins"},
	"mgmt":            {"tm/util/bash", "shared/authn/login"},
	"tmui":            {"login.jsp/..;", "login.jsp/%2e"},
	"ws":              {"v1/cluster/apps/new-application"},
	"v1":              {"agent/service/register", "agent/check/register"},
	"nacos":           {"v1/auth/users", "v1/cs/configs"},
	"api":             {"v1/totp/user-backup-code", "jolokia", "timelion/run"},
	"sdk":             {"weblanguage"},
	"cfide":           {"administrator", "adminapi", "componentutils"},
	"ui":              {"vropspluginui"},
	"remote":          {"fgt_lang"},
	"ctrlt":           {"deviceupgrade"},
	"dana-na":         {"../", "auth/url_default/../"},
	"vpn":             {"../vpns", "..%2fvpns"},
	"vpns":            {"portal/scripts", "cfg/smb.conf"},
	"+cscot+":         {"translation-table", "oem-customization"},
	"public":          {"plugins/../"},
	"hybridity":       {"vc/", "api/"},
	"analytics":       {"telemetry/ph/"},
	"containers":      {"json", "create"},
	"xmldata":         {"item=all"},
	"fileserver":      {"..%5c", "../"},
	"uddiexplorer":    {"searchpublicregistries.jsp"},
	"telescope":       {"requests", "telescope-api"},
	"wp-admin":        {"setup-config.php"},
	"mifs":            {"aad/api/", ".;/"},
	"wp-file-manager": {"lib/php/connector", "lib/files/"},
	"_async":          {"asyncresponseservice"},
	"gwtest":          {"formssso"},
	"pcidss":          {"report"},
	"rapi":            {"filedownload"},
	"configwizard":    {"keyupload.jsp"},
	"minio":           {"bootstrap/"},
	"h5-vsan":         {"rest/proxy/service"},
	"tokens":          {"rpc2"},
	"dana-ws":         {"namedusers"},
	"casa":            {"nodes/thumbprints"},

	"setup": {"setupadministrator.action", "setupdbtype.action"},
}

// lengths holds, by its first byte, the lengths of all names above: most segments are
// none of them, and a look-up in a map costs.
var lengths = func() (by [256]uint64) {
	for name := range wholeNames {
		by[name[0]] |= 1 << len(name)
	}
	for name := range behind {
		by[name[0]] |= 1 << len(name)
	}
	for name := range inUse {
		by[name[0]] |= 1 << len(name)
	}
	for name := range devices {
		by[name[0]] |= 1 << len(name)
	}
	return by
}()
