print("vitrolyte")
